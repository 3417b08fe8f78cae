"""A form that is sent twice is done once."""

import pytest
from django.db import OperationalError

from portal.web.sending import Sending

pytestmark = pytest.mark.django_db


def test_the_second_sending_is_led_to_what_came_of_the_first():
    first, second = Sending("roster", 1, "token"), Sending("roster", 1, "token")
    assert first.begin()
    assert not second.begin()
    assert second.result == ""
    first.ended("file-7")
    assert second.result == "file-7"


def test_another_person_or_form_is_another_sending():
    assert Sending("roster", 1, "token").begin()
    assert Sending("roster", 2, "token").begin()
    assert Sending("roster", 1, "other").begin()


def test_what_failed_can_be_sent_again():
    sending = Sending("roster", 1, "token")
    sending.begin()
    sending.failed()
    assert sending.begin()


def test_a_sending_stopped_by_an_outage_can_be_repeated():
    first = Sending("roster", 1, "token")
    assert first.begin()
    with pytest.raises(OperationalError), first.under_way():
        raise OperationalError
    assert Sending("roster", 1, "token").begin()
