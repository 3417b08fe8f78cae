"""A refusal shown where the person is: beside the form they sent, or as a message on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from portal.kernel.errors import NotFound, Refused


def in_words(refusal: Refused) -> str:
    """What is wrong and what to do next, as one text."""
    return f"{refusal.message} {refusal.fix}".strip()


@contextmanager
def refused_on(form: Form) -> Iterator[None]:
    """Turn a refusal within the block into an error of the form; ask `form.is_valid()` after it.

    What does not exist for the person stays a page of its own.
    """
    try:
        yield
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, in_words(refusal))


@contextmanager
def refused_as_message(request: HttpRequest) -> Iterator[None]:
    """Turn a refusal within the block into a message on the next page; for mere buttons."""
    try:
        yield
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, in_words(refusal))
