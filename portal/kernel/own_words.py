"""What people write in their own words, such as reasons and notes: kept without numbers of persons."""

from __future__ import annotations

from portal.kernel.errors import BadInput
from portal.kernel.tabular.sensitive import personal_number_code


def refuse_personal_numbers(text: str, *, what: str, code: str = "reason_not_kept") -> None:
    """Refuse a text with what looks like a number of a person, or that no database can hold.

    `what` is its name on the page, such as “reason”.
    """
    if personal_number_code(text):
        raise BadInput(
            code,
            f"The {what} holds what looks like a social security or alien registration number.",
            "Write it without. The portal must never receive such numbers.",
        )
    if "\0" in text:
        raise BadInput(code, f"The {what} holds an invisible character.", "Type it again.")
