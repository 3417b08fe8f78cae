"""Forms that are sent twice: what the first sending made is found again."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from portal.kernel.errors import BadInput

M = TypeVar("M", bound=Model)


def made_before(model: type[M], token: UUID, **own: Any) -> M | None:
    """The row that the form with this token made, or None; BadInput if another form's was used.

    `own` is what the row must be for the caller to read it.
    """
    row = model._default_manager.filter(token=token).first()
    if row is None:
        return None
    if any(getattr(row, name) != value for name, value in own.items()):
        raise BadInput(
            "form_used", "This form was sent before, for something else.", "Open it again."
        )
    return row
