"""What a list's cells mean: states, models and types of agencies in all their spellings; dates."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal.kernel.program import MODELS
from portal.kernel.states import STATES
from portal.kernel.tabular import Cell
from portal.kernel.tabular.table import Odd, is_control

AGENCY_TYPES = {
    "county": "County",
    "municipal": "Municipality",
    "state": "State agency",
    "constable": "Constable",
    "campus": "Campus",
    "regional": "Regional",
    "judicial_district": "Judicial district",
    "port": "Port",
    "tribal": "Tribal",
}

# A typing mistake is folded when one word is this much alike and no other nearly as much.
_ALIKE = 0.84
_CLEARLY_MORE = 0.05


class Meant(NamedTuple):
    """What a spelling means, empty when it is unknown; and whether it is written as usual."""

    value: str
    is_usual: bool = True


def plain_text(cell: Cell) -> str:
    """A cell's text without invisible characters, white space single; nothing where it has none."""
    if isinstance(cell, Odd):
        return ""
    text = str(cell)
    if not text.isprintable():
        text = "".join(mark for mark in text if mark.isspace() or not is_control(mark))
    return " ".join(text.split())


def is_absent(text: str) -> bool:
    """Whether a cell says that there is nothing: blank, `#N/A`, `#NA`, `N/A`, `none`, a dash."""
    return _letters(text) in ("", "na", "none", "notapplicable")


def _letters(text: str) -> str:
    return "".join(mark for mark in text.casefold() if mark.isalnum())


_STATES = {_letters(name): code for code, name in STATES.items()}
_OTHER_STATES = {
    "virginislands": "VI",
    "unitedstatesvirginislands": "VI",
    "commonwealthofthenorthernmarianaislands": "MP",
    "commonwealthofnorthernmarianaislands": "MP",
    "cnmi": "MP",
    "commonwealthofpuertorico": "PR",
    "washingtondc": "DC",
}


def find_state(written: str) -> Meant:
    """The two-letter code of a state or territory, also from a code or a typing mistake."""
    letters = _letters(written)
    if code := _STATES.get(letters):
        return Meant(code)
    if letters.upper() in STATES:
        return Meant(letters.upper(), is_usual=False)
    if code := _OTHER_STATES.get(letters):
        return Meant(code)
    return Meant(_STATES.get(_mistyped(letters, _STATES), ""), is_usual=False)


_MODELS = {_letters(name): model for model, name in MODELS.items()}
_OTHER_MODELS = {
    "TFM": ("tfm", "taskforce", "taskforceofficer", "taskforceofficermodel", "taskforceagreement"),
    "WSO": (
        "wso",
        "warrantservice",
        "warrantservicemodel",
        "warrantserviceofficermodel",
        "warrantserviceofficerprogram",
        "warrantserviceofficers",
    ),
    "JEM": (
        "jem",
        "jailenforcement",
        "jailmodel",
        "jailenforcementofficer",
        "jailenforcementprogram",
    ),
}
_ALL_MODELS = {**_MODELS, **{other: m for m, others in _OTHER_MODELS.items() for other in others}}


def find_model(written: str) -> Meant:
    """The 287(g) model; two models in one cell, such as `Jail & Task Force`, are none."""
    letters = _letters(written)
    if model := _MODELS.get(letters):
        return Meant(model)
    if model := _ALL_MODELS.get(letters):
        return Meant(model, is_usual=False)
    return Meant(_MODELS.get(_mistyped(letters, _MODELS), ""), is_usual=False)


_TYPES = {
    "county": ("county", "parish", "countyagency", "countysheriff"),
    "municipal": ("municipality", "municipal", "municipalagency", "city", "town", "local"),
    "state": ("stateagency", "state", "territory", "territorial"),
    "constable": ("constable", "constableoffice"),
    "campus": ("university", "college", "campus", "schooldistrict", "universitycampus"),
    "regional": ("regional", "regionalagency", "multijurisdictional"),
    "judicial_district": ("judicialdistrict", "districtattorney", "judicial"),
    "port": ("port", "airport", "portauthority", "airportauthority"),
    "tribal": ("tribal", "tribe", "tribalagency"),
}
_ALL_TYPES = {spelling: kind for kind, spellings in _TYPES.items() for spelling in spellings}
_USUAL_TYPES = ("county", "municipality", "stateagency", "state")


def find_type(written: str) -> Meant:
    """The kind of agency, one of AGENCY_TYPES."""
    letters = _letters(written)
    if kind := _ALL_TYPES.get(letters):
        return Meant(kind, letters in _USUAL_TYPES)
    return Meant(_ALL_TYPES.get(_mistyped(letters, _ALL_TYPES), ""), is_usual=False)


def _mistyped(letters: str, known: Collection[str]) -> str:
    """The known word that a word with a typing mistake must mean, or nothing.

    `AKANSAS` is as near to Kansas as to Arkansas and means neither.
    """
    near = difflib.get_close_matches(letters, known, n=2, cutoff=_ALIKE)
    alike = [difflib.SequenceMatcher(None, word, letters).ratio() for word in near]
    if near and (len(near) == 1 or alike[0] - alike[1] >= _CLEARLY_MORE):
        return near[0]
    return ""


_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T][0-9:.]+)?")
_US = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")
_DAY_ZERO = date(1899, 12, 30)
_SERIAL_NUMBERS = range(36526, 73051)


def find_date(cell: Cell) -> date | None:
    """A day from a spreadsheet's date, its number, `2025-06-25` or `6/25/2025` (`6/25/25`).

    None when there is no such day, or when it is written in another way.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int) and cell in _SERIAL_NUMBERS:
        # The number of days by which spreadsheets hold a date, shown without a date's format.
        return _DAY_ZERO + timedelta(days=cell)
    text = plain_text(cell)
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _US.fullmatch(text):
        return _day(match[3] if len(match[3]) == 4 else f"20{match[3]}", match[1], match[2])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
