"""The lines of one officer, or the award, as a page shows them: what is allowed, why, and the forms."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import Form

from claims.models import Adjustment, ClaimVersion
from claims.rules.lines import REVERSIBLE, Category, Line
from claims.selectors import lines
from claims.services.adjusting import adjust, not_adjustable, reverse
from claims.views.line_forms import AdjustForm, GiveBackForm
from portal.accounts.policies import Actor
from portal.kernel.errors import BadInput
from portal.kernel.money import format_cents
from portal.web.access import ActorRequest
from portal.web.refusals import refused_on


@dataclass(frozen=True, slots=True)
class Made:
    """An adjustment as it is shown; `form` gives it back, where the reader may."""

    row: Adjustment
    was_given_back: bool = False
    form: Form | None = None

    @property
    def line(self) -> str:
        """The line in words."""
        return Category(self.row.category).label

    @property
    def cents(self) -> int:
        """How much was taken or given back."""
        return abs(self.row.amount)


@dataclass(frozen=True, slots=True)
class LineMoney:
    """The lines of one officer, or the award alone, with all that people did to them.

    `forms` are the reviewer's: one for each line of which something is left.
    """

    lines: list[Line]
    made: list[Made]
    earlier: list[Made]
    forms: list[AdjustForm]
    done: str = ""

    @property
    def is_of_interest(self) -> bool:
        """Whether there is more to say than the amounts themselves do."""
        return bool(self.made or self.earlier or self.forms)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a form that was sent: in words what was done, or the form with what is wrong."""

    done: str = ""
    form: Form | None = None


def line_money(
    actor: Actor, version: ClaimVersion, officer_id: str, sent: Sent | None = None
) -> LineMoney:
    """What the page shows this reader of an officer's lines; of the award's when there is no officer."""
    sent = sent or Sent()
    may_adjust = not_adjustable(version, actor) is None
    money = lines.lines_of(version, officer_ids=(officer_id,))
    made = list(lines.adjustments_for(actor, version).filter(officer_id=officer_id))
    if not lines.is_readable(actor, version):
        money = [line._replace(allowed=line.computed) for line in money]
    earlier = lines.earlier_adjustments(actor, version, officer_id)
    return LineMoney(
        lines=money,
        made=_made(made, sent.form, may_adjust=may_adjust),
        earlier=_made(list(earlier), None, may_adjust=False),
        forms=[_form(line, sent.form) for line in money if line.allowed] if may_adjust else [],
        done=sent.done,
    )


def send(request: ActorRequest, version: ClaimVersion, officer_id: str) -> Sent:
    """Do what a reviewer sent for one of the lines; a refusal stands beside the form."""
    if "adjustment" in request.POST:
        return _give_back(request, version, officer_id)
    category = request.POST.get("category", "")
    if category not in tuple(Category):
        raise BadInput("unknown_line", "There is no such line.", "Go back to the officer's page.")
    line = lines.line(version, officer_id, category)
    form = AdjustForm(line, data=request.POST)
    if form.is_valid():
        with refused_on(form):
            made = adjust(
                actor=request.actor,
                version=version,
                officer_id=officer_id,
                category=category,
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                token=form.cleaned_data["token"],
            )
            taken = format_cents(-made.amount)
            return Sent(done=f"{taken} of {line.category.label.lower()} disallowed.")
    return Sent(form=form)


def _give_back(request: ActorRequest, version: ClaimVersion, officer_id: str) -> Sent:
    pk = request.POST["adjustment"]
    row = lines.adjustment_for(request.actor, version, int(pk) if pk.isdecimal() else 0)
    if row.officer_id != officer_id:
        raise BadInput("unknown_line", "There is no such line.", "Go back to the officer's page.")
    form = GiveBackForm(row.pk, data=request.POST)
    if form.is_valid():
        with refused_on(form):
            made = reverse(actor=request.actor, adjustment=row, note=form.cleaned_data["note"])
            line = Category(row.category).label.lower()
            return Sent(done=f"{format_cents(made.amount)} of {line} given back.")
    return Sent(form=form)


def _made(rows: list[Adjustment], sent: Form | None, *, may_adjust: bool) -> list[Made]:
    given_back = lines.reversed_ids(rows)
    shown = []
    for row in rows:
        form: Form | None = None
        if may_adjust and row.reason in REVERSIBLE and row.pk not in given_back:
            is_own = isinstance(sent, GiveBackForm) and sent.data.get("adjustment") == str(row.pk)
            form = sent if is_own else GiveBackForm(row.pk)
        shown.append(Made(row, row.pk in given_back, form))
    return shown


def _form(line: Line, sent: Form | None) -> AdjustForm:
    if isinstance(sent, AdjustForm) and sent.line.category is line.category:
        return sent
    return AdjustForm(line)
