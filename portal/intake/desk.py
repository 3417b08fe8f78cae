"""What the pages all kinds of file share need to know of one kind, and who may do what there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.intake.catalogue import INTAKE_FINDINGS
from portal.intake.corrections import living_relative
from portal.intake.models import Batch, ColumnMapping, Justification
from portal.intake.return_sheet import RETURN_FINDINGS
from portal.kernel.findings import Catalogue, Kind
from portal.kernel.tabular.mapping import Target
from portal.kernel.tabular.mapping.catalogue import MAPPING_FINDINGS
from portal.web.access import ActorRequest

State = Batch.State
CORRECTABLE = frozenset({State.REJECTED, State.PROPOSED, State.ACCEPTED})


@dataclass(frozen=True)
class Desk:
    """One kind of file at these pages.

    `door` names the address of a file's page, `back` that of the list. `opens` says who may read single
    rows of a file, `answers_for` what somebody may read of the answers to warnings. `page` shows a file's
    page, with a form that was refused if there is one. `match`, `correct`, `correct_with_file` and `answer`
    are services.
    """

    kind: ColumnMapping.Kind
    list_name: str
    door: str
    back: str
    catalogue: Catalogue
    target: Target
    batch_for: Callable[[Actor, object], Batch]
    opens: Callable[[Actor, Any], bool]
    answers_for: Callable[[Actor, int, Collection[str]], Mapping[str, Justification]]
    page: Callable[..., HttpResponse]
    match: Callable[..., Batch]
    correct: Callable[..., Batch]
    correct_with_file: Callable[..., Batch]
    answer: Callable[..., int]

    @property
    def kinds(self) -> dict[str, Kind]:
        """Everything that can be found in a file of this kind, by code."""
        return {
            **MAPPING_FINDINGS.kinds,
            **INTAKE_FINDINGS.kinds,
            **RETURN_FINDINGS.kinds,
            **self.catalogue.kinds,
        }

    def url(self, batch: Batch, part: str = "") -> str:
        """The address of a file's page, or of one of its parts."""
        return reverse(f"{self.door}_{part}" if part else self.door, args=[batch.pk])


def may_prepare(actor: Actor) -> bool:
    """Whether somebody sends and corrects files for an agency."""
    return actor.side == Side.AGENCY and actor.can(Capability.PREPARE)


def may_fix(actor: Actor, batch: Batch) -> bool:
    """Whether somebody can correct rows of a file here: it was kept, and it is not history."""
    return (
        may_prepare(actor)
        and batch.state in CORRECTABLE
        and batch.document_id is not None
        and not batch.needs_columns
        and living_relative(batch) is None
    )


def own_batch(request: ActorRequest, desk: Desk, pk: str) -> Batch:
    """A file of somebody's own agency, who may prepare its claims."""
    batch = desk.batch_for(request.actor, pk)
    request.actor.require(Capability.PREPARE, batch.agency)
    return batch
