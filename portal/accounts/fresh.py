"""Whether the person at the keyboard is still the one who signed in: some steps want the password again.

An open session on a desk is enough to read, not to sign. Real time, like sessions themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.accounts.policies import Actor
from portal.kernel.errors import NotAllowed

FRESH = timedelta(minutes=10)
"""How long after giving their password a person need not give it again."""

TOO_MANY = (
    "You tried too many passwords. Nothing was done. Wait five minutes, then try again; or sign out "
    "and set a new password with “I forgot my password”."
)


def proved_at(request: HttpRequest) -> datetime | None:
    """When the person behind the request last gave their password in this session."""
    user = request.user if request.user.is_authenticated else None
    records = get_authentication_records(request, user)
    given = [record["at"] for record in records if record.get("method") == "password"]
    return datetime.fromtimestamp(max(given), UTC) if given else None


def is_fresh(actor: Actor) -> bool:
    """Whether a person, not a machine, gave their password moments ago."""
    if actor.key is not None or actor.proved_at is None:
        return False
    return datetime.now(UTC) - actor.proved_at < FRESH


def not_fresh(actor: Actor) -> NotAllowed | None:
    """Why the actor must first give their password again, or None when they gave it moments ago."""
    if is_fresh(actor):
        return None
    return NotAllowed(
        "not_fresh",
        "This step needs your password again: it is more than ten minutes since you gave it.",
        "Enter your password beside the step, and repeat it.",
    )


def proven(actor: Actor) -> Actor:
    """The actor as if they had just given their password: for commands, which ask for none."""
    return replace(actor, proved_at=datetime.now(UTC))


def prove(request: Any, password: str) -> bool:
    """Whether the password is the person's; then `request.actor` and the session are fresh again.

    ValidationError after too many tries: allauth counts them for the person and for the address.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise ValidationError(TOO_MANY, code="too_many_tries")
    try:
        user = get_adapter(request).authenticate(
            request, email=request.user.email, password=password
        )
    except ValidationError as error:
        raise ValidationError(TOO_MANY, code="too_many_tries") from error
    if user is None or user.pk != request.user.pk:
        return False
    reauthenticate_by_password(request)
    request.actor = proven(request.actor)
    return True


class FreshForm(forms.Form):
    """A form that asks for the person's password, unless they gave it moments ago.

    `request` is a `portal.web.access.ActorRequest`. Whoever reads `request.actor` after `is_valid()`
    reads somebody fresh.
    """

    password = forms.CharField(
        label="Your password",
        help_text="The one you sign in with. It shows that it is you who does this.",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": "Enter your password: it is more than ten minutes since you gave it."
        },
    )

    def __init__(self, *args: Any, request: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.request = request
        if is_fresh(request.actor):
            del self.fields["password"]

    def full_clean(self) -> None:
        """Checks everything; a password that was right is not asked for again beside other errors."""
        super().full_clean()
        if is_fresh(self.request.actor):
            self.fields.pop("password", None)

    def clean_password(self) -> str:
        """Proves the person; nothing keeps the password."""
        if not prove(self.request, self.cleaned_data["password"]):
            raise ValidationError(
                "This is not your password. Check for capital letters, and try again.",
                code="wrong_password",
            )
        return ""
