"""A form sent twice is done once, and one that an outage stopped can be sent again."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from portal.web.sending import Sending

pytestmark = pytest.mark.django_db


def test_the_second_sending_is_led_to_what_came_of_the_first():
    first = Sending("payroll", 1, "a")
    assert first.begin()
    with first.under_way():
        first.ended("file-7")
    second = Sending("payroll", 1, "a")
    assert not second.begin()
    assert second.result == "file-7"


def test_a_sending_stopped_by_an_outage_can_be_repeated():
    first = Sending("payroll", 1, "b")
    assert first.begin()
    with pytest.raises(OperationalError), first.under_way():
        raise OperationalError
    assert Sending("payroll", 1, "b").begin()
