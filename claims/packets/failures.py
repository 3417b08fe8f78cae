"""Why a packet could not be made, in words for who waits for it."""

from __future__ import annotations

from typing import NamedTuple

from portal.jobs import running


class Failure(NamedTuple):
    """One reason: its stable code, what happened, what to do, and whether trying again may be enough."""

    code: str
    message: str
    fix: str
    may_pass: bool = False


_TOO_MUCH = (
    "Tell the program office, with the number of the claim: made again, it would end the same, "
    "until the portal's operators have given it more or mended what it costs."
)

_AGAIN = "Have it made again; if it fails once more, tell the program office."

FAILED = Failure("failed", "Something went wrong while it was made.", _AGAIN, may_pass=True)
"""Any reason that is not one of the others."""
ABANDONED = Failure(
    "abandoned",
    "Making it was ended by force, perhaps because the portal was stopped or ran out of memory.",
    _AGAIN,
    may_pass=True,
)
NOT_SIGNED = Failure(
    "not_signed",
    "The stored calculation is not the one that was certified, so nothing was printed from it.",
    "Tell the program office: somebody must find out what changed before it can be made.",
)
NOT_IN_TIME = Failure(
    "not_in_time",
    "Its pages were not set in the time the portal allows, perhaps because much else was to be done.",
    _AGAIN,
    may_pass=True,
)
TOO_LONG = Failure(
    "too_long",
    "Setting its pages took more computing than the portal allows.",
    _TOO_MUCH,
)
TOO_LARGE = Failure(
    "too_large",
    "Setting its pages took more memory than the portal allows.",
    _TOO_MUCH,
)
OUTSIDE = Failure(
    "outside",
    "Something in it asked for a file from outside, which packets never load.",
    "Tell the program office: a text in the claim must be looked at.",
)

_BY_CODE = {
    one.code: one
    for one in (FAILED, ABANDONED, NOT_SIGNED, NOT_IN_TIME, TOO_LONG, TOO_LARGE, OUTSIDE)
}
_BY_ERROR = {
    running.ABANDONED: ABANDONED,
    "NotWhatWasSigned": NOT_SIGNED,
    "OutsideResource": OUTSIDE,
    "TookTooMuchMemory": TOO_LARGE,
    "MemoryError": TOO_LARGE,
    "TookTooLong": TOO_LONG,
    "NotInTime": NOT_IN_TIME,
    "SoftTimeLimitExceeded": NOT_IN_TIME,
}


def failure_of(error: str) -> Failure:
    """The reason behind the kind of error that a job ended with."""
    return _BY_ERROR.get(error, FAILED)


def failure(code: str) -> Failure:
    """The reason with a code."""
    return _BY_CODE.get(code, FAILED)
