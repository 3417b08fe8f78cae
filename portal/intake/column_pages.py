"""Pages to say what the columns of a file mean, and to see what an agency said before."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import redirect

from portal.accounts.roles import Capability
from portal.intake.desk import Desk, own_batch
from portal.intake.matching import Matching
from portal.intake.models import ColumnMapping
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.kernel.tabular.mapping import Mapping, Target
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import in_words
from portal.web.show import show


@signed_in
def columns(request: ActorRequest, pk: str, *, desk: Desk) -> HttpResponse:
    """Say what the columns of a file mean; the portal remembers it for files like it."""
    batch = own_batch(request, desk, pk)
    if not batch.sample:
        raise Refused(
            "columns_not_at_hand",
            "The columns of this file cannot be matched: they are the template’s own, or nothing was kept.",
            "Upload the file again.",
        )
    sample = json.loads(batch.sample)
    start = Mapping.of_json(batch.mapping.content) if batch.mapping else None
    post = request.POST if request.method == "POST" else None
    matching = Matching(desk.target, sample, start, post)
    refusal, status = "", 200
    if matching.is_sent and not matching.gaps:
        try:
            read = desk.match(actor=request.actor, batch=batch, mapping=matching.mapping)
            return redirect(desk.url(read))
        except Refused as refused:
            refusal, status = _words(refused), refused.status
    return show(
        request,
        "intake/columns.html",
        status=422 if matching.is_sent and matching.gaps else status,
        desk=desk,
        batch=batch,
        matching=matching,
        refusal=refusal,
    )


@signed_in
def mappings(request: ActorRequest, *, desk: Desk) -> HttpResponse:
    """How the agency's files are read: every version of its matched columns."""
    actor = request.actor
    if actor.agency is None:
        raise NotFound("page")
    actor.require(Capability.READ_AGENCY, actor.agency)
    stored = ColumnMapping.objects.filter(agency=actor.agency, kind=desk.kind)
    return show(
        request,
        "intake/mappings.html",
        desk=desk,
        versions=[
            (version, _in_words(desk.target, Mapping.of_json(version.content)))
            for version in stored.select_related("created_by").order_by("-number")[:100]
        ],
    )


def _words(refused: Refused) -> str:
    if isinstance(refused, NotFound | NotAllowed):
        raise refused
    return in_words(refused)


def _in_words(target: Target, mapping: Mapping) -> list[tuple[str, str]]:
    """The columns that were given a role, and its label."""
    named = []
    for header, code in mapping.columns:
        if code and (role := target.role(code)):
            _, _, rest = code.partition(":")
            label = dict(role.choices).get(rest, rest)
            named.append((header, f"{role.label}: {label}" if label else role.label))
    return named
