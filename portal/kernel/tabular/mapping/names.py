"""Names of officers as exports write them, and whom on the agency's own roster they mean.

A name finds an officer only if nobody else could be meant. `Smith, John` finds `Smith, John A`, but
`Smith, John B` does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "v"))
_BRACKETS = re.compile(r"\(([^()]*)\)")
_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9-]{0,39}")


class PersonName(NamedTuple):
    """A name taken apart; `officer_id` is what stood in brackets behind it."""

    last: str
    first: str
    officer_id: str = ""
    is_certain: bool = True


def split_name(text: str) -> PersonName:
    """`Last, First M`, `First Last` or `First Last (On Leave) (016413)`, taken apart.

    Without a comma the last word is taken for the family name, which is not certain.
    """
    brackets = _BRACKETS.findall(text)
    officer_id = brackets[-1].strip() if brackets and _ID.fullmatch(brackets[-1].strip()) else ""
    bare = " ".join(_BRACKETS.sub(" ", text).split())
    parts = [part.strip() for part in bare.split(",") if part.strip()]
    if len(parts) > 1:
        last, *rest = parts
        while len(rest) > 1 and _words(rest[0])[-1:] and set(_words(rest[0])) <= _SUFFIXES:
            last = f"{last} {rest.pop(0)}"
        return PersonName(last, " ".join(rest), officer_id)
    words = bare.split()
    family = len(words) - 1
    while family > 1 and set(_words(words[family])) <= _SUFFIXES:
        family -= 1
    return PersonName(
        " ".join(words[family:]), " ".join(words[:family]), officer_id, is_certain=len(words) <= 2
    )


def id_of_name(last: str, first: str) -> str:
    """An id made of a name, `WEDOL-LIDASAL`; empty if its letters have no plain form."""
    return "-".join((*_words(last), *_words(first))).upper()[:40].rstrip("-")


class _Person(NamedTuple):
    officer_id: str
    given: tuple[str, ...]
    suffixes: frozenset[str]


class People:
    """The officers of one agency, by name: (officer id, last name, first name)."""

    def __init__(self, officers: Iterable[tuple[str, str, str]] = ()) -> None:
        self.ids: set[str] = set()
        self._by_last: defaultdict[str, list[_Person]] = defaultdict(list)
        for officer_id, last, first in officers:
            key, suffixes = _family(last)
            given, more = _given(first)
            self.ids.add(officer_id)
            self._by_last[key].append(_Person(officer_id, given, suffixes | more))

    def find(self, last: str, first: str) -> list[str]:
        """The ids of everybody the name may mean; the exact name before a shorter one."""
        persons, wanted = self._namesakes(last, first)
        exact = {person.officer_id for person in persons if person[1:] == wanted[1:]}
        return sorted(exact or {p.officer_id for p in persons if _may_be(p, wanted)})

    def is_exact(self, last: str, first: str) -> bool:
        """Whether somebody has the name as it is written, but for case, accents and hyphens."""
        persons, wanted = self._namesakes(last, first)
        return any(person[1:] == wanted[1:] for person in persons)

    def find_written(self, text: str) -> list[str]:
        """The same for a name in one piece; without a comma every place may divide it."""
        name = split_name(text)
        if "," in text:
            return self.find(name.last, name.first)
        words = f"{name.first} {name.last}".split()
        found = {
            officer_id
            for cut in range(1, len(words))
            for officer_id in self.find(" ".join(words[cut:]), " ".join(words[:cut]))
        }
        return sorted(found)

    def _namesakes(self, last: str, first: str) -> tuple[list[_Person], _Person]:
        key, suffixes = _family(last)
        given, more = _given(first)
        return self._by_last.get(key, []), _Person("", given, suffixes | more)


def _may_be(one: _Person, other: _Person) -> bool:
    if not one.given or not other.given or one.given[0] != other.given[0]:
        return False
    if one.suffixes and other.suffixes and one.suffixes != other.suffixes:
        return False
    return all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0])
        for a, b in zip(one.given[1:], other.given[1:], strict=False)
    )


def _family(text: str) -> tuple[str, frozenset[str]]:
    words, suffixes = _without_suffixes(_words(text))
    return "".join(words), suffixes


def _given(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    words, suffixes = _without_suffixes(_words(text))
    return tuple(words), suffixes


def _without_suffixes(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """Never the first word: `V` alone is somebody's name."""
    suffixes = frozenset(word for word in words[1:] if word in _SUFFIXES and word != "v")
    return [word for word in words if word not in suffixes], suffixes


def _words(text: str) -> list[str]:
    """Plain lower-case words: accents and apostrophes gone, hyphens and points are spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in letters if not unicodedata.combining(mark) and mark not in "'’")
    return re.findall(r"[a-z0-9]+", bare)
