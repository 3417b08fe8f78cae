"""An explanation as pages show it: every step with the address of its payroll row and of its rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from claims.models import ClaimVersion
from claims.rules.explain import Explanation, Section, Step, value_in_words
from claims.selectors.explained import files_of
from portal.accounts.policies import Actor
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter


class Cited(NamedTuple):
    """A rule with its value in words and where the help tells it."""

    rule: Citation
    words: str
    url: str


class ShownStep(NamedTuple):
    """A step; `url` leads to what it stands on, empty where there is nothing to open."""

    step: Step
    url: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """The steps to one amount, and the rules they go by, each once."""

    section: Section
    steps: list[ShownStep]
    cited: list[Cited]


def cited(rules: Iterable[Citation], quarter: Quarter) -> list[Cited]:
    """Rules as pages cite them."""
    page = reverse("help:rules")
    return [
        Cited(rule, value_in_words(rule), f"{page}?quarter={quarter}#rule-{rule.name}")
        for rule in rules
    ]


def shown_section(
    section: Section, rules: list[Cited], urls: dict[Step, str] | None = None
) -> ShownSection:
    """One section with the addresses of its steps."""
    names = {step.rule for step in section.steps}
    return ShownSection(
        section,
        [ShownStep(step, (urls or {}).get(step, "")) for step in section.steps],
        [one for one in rules if one.rule.name in names],
    )


def shown_sections(
    actor: Actor, version: ClaimVersion, explanation: Explanation
) -> list[ShownSection]:
    """An officer's sections; each step leads to its payroll row where the reader may open the file."""
    rules = cited(explanation.rules, explanation.quarter)
    steps = (step for section in explanation.sections for step in section.steps)
    urls = row_urls(actor, version, steps)
    keys = {section.key for section in explanation.sections}
    return [
        shown_section(section, rules, urls | _elsewhere(section, keys))
        for section in explanation.sections
    ]


def _elsewhere(section: Section, keys: Collection[str]) -> dict[Step, str]:
    """Where the same page tells how a step's amount came about, by the key of its section."""
    others = (step for step in section.steps if step.key in keys and step.key != section.key)
    return {step: f"#sum-{step.key}" for step in others}


def row_urls(actor: Actor, version: ClaimVersion, steps: Iterable[Step]) -> dict[Step, str]:
    """Where the payroll row of each step is shown; one query for all of them."""
    sources = {step: step.source for step in steps if step.source}
    files = files_of(actor, version.claim.agency, (source.file for source in sources.values()))
    return {
        step: reverse("claims:payroll_row", args=[files[source.file], source.row])
        for step, source in sources.items()
        if source.file in files
    }
