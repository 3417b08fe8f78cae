"""Two people who do the same at once: the second sees what the first has done."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from claims.services.claims import perform
from portal.accounts.roles import Role
from portal.kernel.errors import Refused
from tests.claims.office import TO_REVIEW, make_office
from tests.factories import make_person


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("after_quarter")
def test_of_two_preparers_who_correct_at_once_one_opens_the_next_version():
    office = make_office()
    version = office.walk(*TO_REVIEW, "return")
    people = [office.people["preparer"], make_person(Role.PREPARER, office.claim.agency)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def correct(person) -> None:
        try:
            start.wait(10)
            perform(actor=person, version=version, code="correct")
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=correct, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["done", "not_current"]
    assert office.claim.versions.count() == 2
