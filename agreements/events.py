"""What is done to one officer by hand, and what each of it is called."""

from __future__ import annotations

OFFICER_EVENTS: dict[str, str] = {
    "officer.add": "Added to the roster",
    "officer.correct": "Name or title corrected",
    "officer.authorize": "Authorization or training added",
    "officer.change_authorization": "Authorization or training changed",
    "officer.change_employment": "Employment changed",
}
"""Every way of changing the roster by hand: whoever does one of them has their work in a claim."""
