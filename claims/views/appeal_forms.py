"""What is filled in about appealed lines: a table of lines to tick, each with an amount, and one text."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from portal.accounts.fresh import FreshForm
from portal.kernel.money import text
from portal.kernel.tabular.values import read_money
from portal.web.paging import MemoryListing
from portal.web.sending import posted

TICKED = "ticked"


@dataclass(slots=True)
class Row:
    """A line as the table shows it: its amounts in cents, what was said of it, what is filled in for it.

    `line` is its officer and category, `key` what its fields are found by.
    """

    key: str
    name: str
    line: tuple[str, str]
    amounts: tuple[int, ...]
    said: tuple[tuple[str, str], ...] = ()
    offered: int | None = None

    @property
    def searched(self) -> str:
        """What a search looks at."""
        return f"{self.name} {self.line[0]}"


class RowForm(forms.Form):
    """One line: whether it is meant, and an amount."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=120)
    chosen = forms.BooleanField(required=False)
    amount = forms.CharField(
        required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def clean(self) -> dict[str, Any]:
        """The amount of a line that is meant, in whole cents."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("chosen"):
            cents = read_money(cleaned.get("amount") or "")
            if isinstance(cents, int):
                cleaned["cents"] = cents
            else:
                self.add_error("amount", "Write an amount in dollars and cents, such as 300.00.")
        return cleaned


RowForms = forms.formset_factory(RowForm, extra=0)


class WordsForm(forms.Form):
    """Which lines are meant, and what is said about them.

    `everything` are ways to mean all of them, in words by code; without any, those ticked are meant.
    """

    scope = forms.ChoiceField(
        label="Which lines",
        widget=forms.RadioSelect,
        initial=TICKED,
        error_messages={"required": "Choose which lines are meant."},
    )
    words = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("scope", "words", "password", "token")

    def __init__(
        self, *args: Any, label: str, hint: str, everything: Mapping[str, str], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.fields["words"].label, self.fields["words"].help_text = label, hint
        self.fields["words"].error_messages["required"] = "Write in a sentence or two why."
        self.fields["scope"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's own
            (TICKED, "The lines ticked above"),
            *everything.items(),
        ]
        if not everything:
            self.fields["scope"].widget = forms.HiddenInput()


class RulingForm(WordsForm, FreshForm):
    """The same by somebody who shows that it is them."""


class LinesForm:
    """The whole page: its table, one page of it at a time, and the words under it."""

    def __init__(
        self, request: HttpRequest, rows: list[Row], words: WordsForm, *, ticked: bool
    ) -> None:
        self.words = words
        self.known = {row.key: row for row in rows}
        self.listing = MemoryListing(
            request.GET, rows, columns=(), text=lambda row: row.searched, per_page=25
        )
        offered = [
            {
                "key": row.key,
                "chosen": ticked,
                "amount": "" if row.offered is None else text(row.offered),
            }
            for row in self.listing
        ]
        self.forms = RowForms(posted(request), initial=offered, prefix="line")

    def is_valid(self) -> bool:
        """Whether everything is filled in; what is wrong with the table is said above it."""
        words_fit = self.words.is_valid()
        if not self.words.is_bound or self.words.cleaned_data.get("scope") != TICKED:
            return words_fit
        if not self.forms.is_valid():
            self.words.add_error(None, "Correct the amounts that are marked in the table.")
        elif not self.chosen:
            self.words.add_error(None, "Tick at least one line.")
        return self.words.is_valid()

    @property
    def chosen(self) -> dict[str, int]:
        """The lines ticked, by key, with their amounts in cents."""
        filled = [form.cleaned_data for form in self.forms]
        return {row["key"]: row["cents"] for row in filled if row.get("chosen")}

    @property
    def scope(self) -> str:
        """Which lines are meant, once the form is valid."""
        scope: str = self.words.cleaned_data["scope"]
        return scope

    @property
    def shown(self) -> Iterator[tuple[Row, forms.Form]]:
        """The lines of this page that are still to be done, each with its fields."""
        for form in self.forms:
            row = self.known.get(str(form["key"].value()))
            if row is not None:
                yield row, form

    @property
    def rows(self) -> list[Row]:
        """The lines of this page."""
        return [row for row, _ in self.shown]
