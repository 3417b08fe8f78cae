"""The counties of each state, and which of them a list means."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from pathlib import Path

from agreements.agency_names import name_key
from portal.kernel.states import STATES

_COUNTY_WORDS = {"LA": "Parish", "PR": "Municipio"}
_WORD = re.compile(
    r"\s+(?:county|parish|municipio|borough|census area|municipality|city and borough|district"
    r"|island|city)$"
)
_MISTYPED_WORD = re.compile(r"\s+co\w*y$", re.IGNORECASE)  # `Conty`, `Countey`
_NOT_COUNTIES = ("DC", "GU")
_ALIKE = 0.75
_FEW_STATES = 2


@functools.cache
def _counties() -> dict[str, dict[str, str]]:
    """Official names by what is compared, by state."""
    counties = {}
    for line in Path(__file__).with_name("counties.txt").read_text(encoding="utf-8").splitlines():
        state, colon, names = line.partition(": ")
        if colon and not line.startswith("#"):
            official = [_official(name, state) for name in names.split(", ")]
            counties[state] = {_compared(name): name for name in official}
    return counties


def _official(name: str, state: str) -> str:
    if state in _NOT_COUNTIES or _WORD.search(name.casefold()):
        return name
    return f"{name} {_COUNTY_WORDS.get(state, 'County')}"


def counties_of(state: str) -> list[str]:
    """The official names of a state's counties, as the list has them."""
    return list(_counties().get(state, {}).values())


def find_county(state: str, written: str) -> str:
    """The official name of the county of a state that `written` means, or nothing.

    Letters' case, accents, punctuation, `Saint` or `St.`, and the word for a county (`County`,
    `Parish`, `Borough`) may differ or be missing. An independent city is no county of its name:
    `Hopewell County` in Virginia is unknown.
    """
    counties = _counties().get(state, {})
    meant = [_compared(written), _compared(f"{written} county")]
    if not _WORD.search(name_key(written)):
        meant.append(_compared(f"{written} city"))
    return next((counties[key] for key in meant if key in counties), "")


def county_hint(state: str, written: str) -> str:
    """What an unknown county may be, in a sentence, or nothing: for a person, never taken over."""
    counties = _counties().get(state, {})
    if county := find_county(state, _MISTYPED_WORD.sub(" county", written)):
        return f"Is it {county}?"
    if near := difflib.get_close_matches(_compared(written), counties, n=1, cutoff=_ALIKE):
        return f"Is it {counties[near[0]]}?"
    elsewhere = [STATES[other] for other in _counties() if find_county(other, written)]
    if elsewhere and len(elsewhere) <= _FEW_STATES:
        return f"There is one in {' and in '.join(elsewhere)}."
    return ""


def _compared(name: str) -> str:
    """Letters and digits without accents, with `city` or one word for every kind of county."""
    key = name_key(name)
    word = _WORD.search(key)
    is_city = word is not None and word[0].strip() == "city" and key != "carson city"
    base = key[: word.start()] if word and key != "carson city" else key
    plain = unicodedata.normalize("NFKD", base).replace("'", "")
    words = re.sub(r"[^a-z0-9]+", " ", "".join(mark for mark in plain if mark.isascii())).split()
    saints = {"saint": "st", "sainte": "ste"}
    return "".join(saints.get(word, word) for word in words) + (" city" if is_city else "")
