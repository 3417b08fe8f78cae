"""Forms about people, their roles and their agency's keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import ApiKey, User
from portal.accounts.roles import SCOPES, Role

DUTIES = {
    Role.ADMINISTRATOR: "invites and removes the agency's people, and makes its API keys",
    Role.PREPARER: "uploads rosters and payroll, and marks claims ready",
    Role.CERTIFIER: "signs and submits claims that others prepared",
    Role.VIEWER: "reads everything of the agency, changes nothing",
    Role.PROGRAM_MANAGER: "looks after agencies, agreements and counts",
    Role.REVIEWER: "reviews claims, returns or recommends them",
    Role.PAYMENT_APPROVER: "approves or denies claims that others reviewed",
    Role.AUDITOR: "reads everything, changes nothing",
    Role.SYSTEM_ADMINISTRATOR: "invites federal people; no money action",
}


class RoleForm(forms.Form):
    """One role out of those that may be given."""

    role = forms.ChoiceField(
        label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role."}
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (role.value, f"{role.label}: {DUTIES[role]}") for role in roles
        ]

    @property
    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class PersonForm(forms.Form):
    """Somebody's email address and name."""

    email = forms.EmailField(
        label="Work email address",
        help_text="They sign in with it, and the invitation goes there.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter their work email address.",
            "invalid": "Enter a whole email address, such as dana.garza@county.example.",
        },
    )
    name = forms.CharField(
        label="Full name",
        max_length=150,
        help_text="As it should stand on claims. Who has an account already keeps its name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their full name."},
    )


class InvitationForm(PersonForm, RoleForm):
    """Somebody's email address and name, and the role they are to have."""

    field_order = ("email", "name", "role")


class NameForm(forms.Form):
    """A name as it should have been typed."""

    name = forms.CharField(
        label="Full name",
        max_length=150,
        help_text="As it should stand on claims.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their full name."},
    )


class LifetimeForm(forms.Form):
    """How long a key is good."""

    valid_days = forms.TypedChoiceField(
        label="How long it is good",
        coerce=int,
        initial=ApiKey.USUAL_DAYS,
        choices=[
            (90, "90 days, for a trial"),
            (ApiKey.USUAL_DAYS, "One year, the usual time"),
            (ApiKey.LONGEST_DAYS, "Two years, the longest there is"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long the key is good."},
    )


class RotationForm(LifetimeForm):
    """A key's new secret: how long the old one stays good beside it."""

    overlap_days = forms.TypedChoiceField(
        label="The old secret",
        coerce=int,
        initial=3,
        choices=[
            (0, "Ends at once, and every token got with it: choose this if somebody may know it"),
            (1, "Stays good for one more day"),
            (3, "Stays good for three more days"),
            (ApiKey.LONGEST_OVERLAP_DAYS, "Stays good for a week, the longest there is"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when the old secret ends."},
    )
    field_order = ("overlap_days", "valid_days")


class KeyForm(LifetimeForm):
    """A new API key: who answers for it and what it may do."""

    name = forms.CharField(
        label="Name of the key",
        max_length=100,
        help_text="What uses it, for example “Payroll system”.",
        error_messages={"required": "Give the key a name."},
    )
    owner = forms.ModelChoiceField(
        label="Who answers for it",
        queryset=User.objects.none(),
        empty_label=None,
        help_text="A preparer. What the key sends counts as their work.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope, words) for scope, (words, _) in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing it may do."},
    )

    field_order = ("name", "owner", "scopes", "valid_days")

    def __init__(self, *args: Any, owners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField
