"""When two spellings are one agency: the normalisation that ICE's lists are counted and matched by.

ICE writes one agency in several ways: padded, with a typewriter's or a printer's apostrophe, in
other capitals. Exactly that is folded and nothing else; punctuation and words are kept, so that
two agencies never become one without a person deciding it.
"""

from __future__ import annotations

import unicodedata

# The apostrophes that programs put where a person types one: ’ ‘ ʼ ′ ` ´ and the fullwidth one.
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u2032\u0060\u00b4\uff07"), "'")

_SAME_WORDS = {"sheriffs": "sheriff", "dept": "department", "saint": "st", "and": "", "the": ""}
# A county has one sheriff, whatever the letterhead says.
_SHERIFF = (("sheriff department", "sheriff office"), ("sheriff of", "sheriff office"))


def name_key(name: str) -> str:
    """The name by which an agency of one state is known: equal keys are one agency.

    In this order: white space at both ends is cut and within becomes one space each (tabs, line
    breaks and no-break spaces too), every apostrophe becomes `'`, letters are case-folded.
    Punctuation is kept: `St. Charles` and `St Charles` are two names.
    """
    return " ".join(name.split()).translate(_APOSTROPHES).casefold()


def likeness(name: str) -> str:
    """A coarser key: names that share it are probably one agency, for a person to decide.

    Accents, punctuation, `the` and `and` are dropped; `Sheriff's Department` is `Sheriff's Office`.
    """
    plain = unicodedata.normalize("NFKD", name_key(name)).replace("'", "").replace("&", " and ")
    letters = "".join(mark if mark.isalnum() else " " for mark in plain if mark.isascii())
    text = " ".join(filter(None, (_SAME_WORDS.get(word, word) for word in letters.split())))
    for written, meant in _SHERIFF:
        text = text.removesuffix(written) + meant if text.endswith(written) else text
    return text.replace(" ", "")
