"""Refusals: what a person asked for and the portal will not do, said in words they can act on."""

from __future__ import annotations


class Refused(Exception):
    """A request the portal understood and refuses.

    `code` is stable and travels in the API; `message` says what is wrong; `fix` says what to do next.
    """

    status = 409
    #: Seconds after which the same request may succeed; None when waiting does not help.
    retry_after: int | None = None

    def __init__(self, code: str, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


class NotAllowed(Refused):
    """The person may not do this, whatever the state of things."""

    status = 403


class NotFound(Refused):
    """It does not exist, or not for this person: the two answers are the same on purpose."""

    status = 404

    def __init__(self, what: str = "page") -> None:
        super().__init__(
            "not_found",
            f"There is no such {what}, or it belongs to another agency.",
            "Check the address, or go to your home page and find it from there.",
        )


class BadInput(Refused):
    """Something that was sent cannot be read as what it should be."""

    status = 400


class NotYet(Refused):
    """It will be possible once the portal has finished something it is working on."""

    retry_after = 5
