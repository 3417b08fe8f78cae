"""What people write in their own words is refused with a number of a person in it, and not repeated."""

from __future__ import annotations

import pytest

from portal.kernel.errors import BadInput
from portal.kernel.own_words import refuse_personal_numbers


@pytest.mark.parametrize("text", ["It is 123-45-6789.", "About A123-456-789", "in\0visible"])
def test_it_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        refuse_personal_numbers(text, what="reason")
    assert refusal.value.code == "reason_not_kept"
    assert "The reason holds" in refusal.value.message
    assert refusal.value.fix
    assert "6789" not in refusal.value.message


@pytest.mark.parametrize("text", ["", "Sent too early.", "Line one.\nLine two: $1,234.56."])
def test_everything_else_passes(text: str) -> None:
    refuse_personal_numbers(text, what="reason")
