"""Amounts, days, instants and states as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from portal.web.templatetags.portal import day, icon, in_eights, instant, money, tone, words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (123450, "$1,234.50"),
        (0, "$0.00"),
        (-5, "-$0.05"),
        (Decimal("1234.5"), "$1,234.50"),
        (Decimal("0.005"), "$0.01"),
        (Decimal("-1000000"), "-$1,000,000.00"),
    ],
)
def test_money(amount: int | Decimal, text: str) -> None:
    assert money(amount) == text


def test_nothing_is_a_dash_that_can_be_heard() -> None:
    assert money(None) == day(None) == instant(None)
    assert "none" in money(None)


def test_a_day() -> None:
    assert day(date(2026, 1, 5)) == '<time datetime="2026-01-05">Jan 5, 2026</time>'


def test_an_instant_names_its_time_zone() -> None:
    value = datetime(2026, 1, 20, 15, 5, tzinfo=UTC)
    with timezone.override("America/New_York"):
        assert "Jan 20, 2026, 10:05 AM EST" in instant(value)
    with timezone.override("UTC"):
        assert "Jan 20, 2026, 3:05 PM UTC" in instant(value)


def test_midnight_is_twelve() -> None:
    with timezone.override("UTC"):
        assert "12:00 AM" in instant(datetime(2026, 1, 20, tzinfo=UTC))


def test_states_speak_by_word_and_colour() -> None:
    assert tone("denied") == "error"
    assert tone("something new") == "neutral"
    assert words("partly_approved") == "Partly approved"
    html = Template('{% include "components/state_tag.html" %}').render(
        Context({"state": "in_review", "label": "Being reviewed"})
    )
    assert '<span class="state state--info">Being reviewed</span>' in html


def test_a_code_is_told_in_groups_of_eight() -> None:
    assert in_eights("0123456789abcdef01") == "01234567 89abcdef 01"


def test_an_icon_is_hidden_from_screen_readers() -> None:
    html = icon("menu", "3")
    assert 'aria-hidden="true"' in html
    assert "usa-icon--size-3" in html
    assert "sprite.svg#menu" in html
