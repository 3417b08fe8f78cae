"""Questions to the agency, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.models import ClaimVersion, Evidence, Question
from claims.presentation import Turn
from claims.review_forms import (
    QUESTIONS_AT_A_TIME,
    AnswerForm,
    DueForm,
    QuestionForm,
    ReplyForm,
)
from claims.rules.address import Address
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import State
from claims.selectors.addresses import few_officers, officers_named
from claims.selectors.claims import version_for
from claims.selectors.questions import (
    Thread,
    question_for,
    questions_of,
    refusal_to_answer,
    refusal_to_ask,
    refusal_to_follow,
    threads,
)
from claims.services.asking import Asked, Attached, answer, ask, close, reply
from claims.views import turns
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.intake.uploads import Upload
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_as_message, refused_on
from portal.web.show import show


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What was asked about the claim and how it stands; None when nobody asked and nobody can."""
    asked = threads(version, questions_of(version.claim))
    reviews = actor.can(Capability.REVIEW)
    refusal = refusal_to_ask(version, actor) if reviews else None
    if not asked and (refusal is not None or not reviews):
        return None
    may_ask = reviews and refusal is None
    return {
        "turns": list(_turns(actor, asked, reviews=may_ask)),
        "open": [one for one in asked if one.question.closed_at is None],
        "closed": [one for one in asked if one.question.closed_at is not None],
        "waiting": sum(one.waits_for_agency for one in asked),
        "may_ask": may_ask,
    }


def _turns(actor: Actor, asked: list[Thread], *, reviews: bool) -> Iterator[Turn]:
    """Whom the questions wait for: those to answer, and for their reviewer the answered ones first."""
    to_answer = [one for one in asked if one.waits_for_agency]
    answered = [one for one in asked if not one.question.closed_at and not one.waits_for_agency]
    if answered and reviews:
        yield turns.to_close(len(answered), answered[0].link)
    if not to_answer:
        return
    first = to_answer[0]
    count, due_on = len(to_answer), first.question.due_on
    if refusal_to_answer(first.question, actor) is None:
        yield turns.to_answer(count, due_on, first.link)
    elif first.question.version.claim.version.state == State.IN_REVIEW:
        if reviews and first.is_overdue:
            yield turns.to_ask_again(due_on, first.link)
        yield turns.waits_for_answers(count, due_on)


@signed_in
def asking(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Ask the agency about the claim, an officer or a line, up to three things at a time."""
    stored = version_for(request.actor, number, version)
    request.actor.require(Capability.REVIEW, stored.claim.agency)
    data = request.POST if request.method == "POST" else None
    due, questions = _due_form(stored, data), _question_forms(request, stored, data)
    refusal = None
    wrong = [form for form in (due, *questions) if data is not None and not form.is_valid()]
    if data is not None and not wrong:
        try:
            made = ask(
                actor=request.actor,
                version=stored,
                asked=[
                    Asked(form.address, form.cleaned_data["text"], form.cleaned_data["token"])
                    for form in questions
                    if form.cleaned_data
                ],
                due_on=due.cleaned_data["due_on"],
            )
        except Refused as refused:
            refusal = refused
        else:
            words = "question has" if len(made) == 1 else f"{len(made)} questions have"
            messages.success(request, f"Your {words} gone to the agency.")
            return redirect("claims:version", number, version)
    return show(
        request,
        "claims/ask.html",
        status=refusal.status if refusal else 422 if wrong else 200,
        claim=stored.claim,
        version=stored,
        due=due,
        first=questions[0],
        others=questions[1:],
        refusal=refusal or refusal_to_ask(stored, request.actor),
    )


@signed_in
def question(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """One question with everything written to it, and the form for whoever is next."""
    return _page(request, number, version, question_for(request.actor, number, pk))


@signed_in
@require_POST
def answering(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """Answer for the agency."""
    asked = question_for(request.actor, number, pk)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data
        with refused_on(form):
            answer(
                actor=request.actor,
                question=asked,
                text=sent["text"],
                token=sent["token"],
                attached=_attached(sent),
            )
    if form.errors:
        return _page(request, number, version, asked, answer=form)
    messages.success(request, "Your answer has gone to the federal reviewer.")
    return redirect("claims:question", number, version, pk)


@signed_in
@require_POST
def replying(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """Write to an open question for the federal side."""
    asked = question_for(request.actor, number, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        text, token = form.cleaned_data["text"], form.cleaned_data["token"]
        with refused_on(form):
            reply(actor=request.actor, question=asked, text=text, token=token)
    if form.errors:
        return _page(request, number, version, asked, reply=form)
    messages.success(request, "Your reply has gone to the agency.")
    return redirect("claims:question", number, version, pk)


@signed_in
@require_POST
def closing(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """Close a question."""
    asked = question_for(request.actor, number, pk)
    with refused_as_message(request):
        close(actor=request.actor, question=asked)
        messages.success(request, "The question is closed.")
    return redirect("claims:version", number, version)


def _page(
    request: ActorRequest, number: str, version: int, asked: Question, **sent: Form
) -> HttpResponse:
    actor = request.actor
    stored = version_for(actor, number, version)
    refusal = (refusal_to_answer if actor.side == Side.AGENCY else refusal_to_follow)(asked, actor)
    return show(
        request,
        "claims/question.html",
        status=422 if sent else 200,
        claim=stored.claim,
        version=stored,
        thread=threads(stored, [asked])[0],
        refusal=refusal,
        answer=sent.get("answer") or AnswerForm(),
        reply=sent.get("reply") or ReplyForm(),
        certifies=actor.can(Capability.CERTIFY),
    )


def _due_form(version: ClaimVersion, data: QueryDict | None) -> DueForm:
    claim = version.claim
    days = rules_on(claim.quarter.start).question_days
    return DueForm(data, initial={"due_on": clock.today(claim.agency.time_zone) + timedelta(days)})


def _question_forms(
    request: ActorRequest, version: ClaimVersion, data: QueryDict | None
) -> list[QuestionForm]:
    officers = few_officers(version)
    return [
        QuestionForm(
            data,
            prefix=str(place),
            officers=officers,
            initial={} if place > 1 else _suggested(request, version),
            empty_permitted=place > 1,
            use_required_attribute=place == 1,
        )
        for place in range(1, QUESTIONS_AT_A_TIME + 1)
    ]


def _suggested(request: ActorRequest, version: ClaimVersion) -> dict[str, str]:
    """What a link from an officer, a line or the checklist brings along."""
    named = {name: request.GET.get(name, "")[:100] for name in ("officer_id", "category", "kind")}
    if named["kind"] not in Evidence.Kind.values:
        return named
    officer = officers_named(version, [named["officer_id"]]).get(named["officer_id"])
    about = Address(named["officer_id"]).words(officer.name if officer else "")
    record = Evidence.Kind(named["kind"]).label.lower()
    return {**named, "text": f"Please send this record for {about}: {record}."}


def _attached(sent: dict[str, Any]) -> Attached | None:
    if sent["file"] is None:
        return None
    return Attached(Evidence.Kind(sent["kind"]), Upload.of_form(sent["file"]))


_QUESTIONS = "claims/<slug:number>/versions/<int:version>/questions/"

paths: list[URLPattern] = [
    path(f"{_QUESTIONS}ask/", asking, name="ask"),
    path(f"{_QUESTIONS}<int:pk>/", question, name="question"),
    path(f"{_QUESTIONS}<int:pk>/answer/", answering, name="answer_question"),
    path(f"{_QUESTIONS}<int:pk>/reply/", replying, name="reply_to_question"),
    path(f"{_QUESTIONS}<int:pk>/close/", closing, name="close_question"),
]
