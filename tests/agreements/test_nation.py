"""The made-up nation: as large as asked for, always the same, and without contradictions."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agreements import figures
from agreements.agency_names import name_key
from agreements.ice_list.counties import counties_of
from agreements.models import ActivePeriod, Agreement, ListImport, Officer, RosterEntry
from agreements.nation import Nation, NationOfficer, NationSize, make_nation
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.records.models import AuditEvent, Document
from portal.records.storage import keep
from tests.factories import make_agency, make_person

ON = date(2026, 1, 20)


@pytest.fixture(scope="module")
def nation() -> Nation:
    return make_nation(NationSize(), ON, seed=1)


def officers_of(nation: Nation) -> list[NationOfficer]:
    return [officer for _, officers in nation.agencies for officer in officers]


def test_it_is_as_large_as_the_announced_one(nation):
    officers = officers_of(nation)
    assert len(nation.agencies) == 1001
    assert len(officers) == 10_501
    assert sum(officer.entries[0].trained_on is not None for officer in officers) == 8501


def test_it_has_the_proportions_of_the_real_one(nation):
    agreements = [one for agency, _ in nation.agencies for one in agency.agreements]
    models = Counter(one.model for one in agreements)
    states = Counter(agency.state for agency, _ in nation.agencies)
    assert 0.60 < models["TFM"] / len(agreements) < 0.70
    assert [state for state, _ in states.most_common(2)] == ["TX", "FL"]
    assert len(states) > 35
    before = sum(
        one.signed_on is not None and one.signed_on < date(2025, 1, 20) for one in agreements
    )
    assert 100 < before < 180
    reasons = Counter(period.ended_because for one in agreements for period in one.periods)
    assert set(reasons) == {"", "terminated", "superseded", "suspended"}
    assert any(agency.other_name for agency, _ in nation.agencies)
    assert any(not agency.ori for agency, _ in nation.agencies)


def test_the_same_seed_gives_the_same_nation_and_another_another(nation):
    assert make_nation(NationSize(), ON, seed=1) == nation
    small = NationSize(agencies=20, trained=30, in_training=5)
    assert make_nation(small, ON, seed=1) != make_nation(small, ON, seed=2)


def test_names_of_a_state_differ_and_counties_are_real(nation):
    agencies = [agency for agency, _ in nation.agencies]
    assert len({(agency.state, name_key(agency.name)) for agency in agencies}) == len(agencies)
    assert all(agency.county in counties_of(agency.state) for agency in agencies if agency.county)


def test_no_officer_contradicts_themselves(nation):
    for agency, officers in nation.agencies:
        assert len({officer.payroll_id for officer in officers}) == len(officers)
        assert len(officers) <= agency.sworn_officers
        for officer in officers:
            last = date.min
            for entry in officer.entries:
                if entry.authorized_from is None:
                    continue
                assert entry.trained_on is not None
                assert entry.authorized_to is not None
                assert entry.hired_on < entry.trained_on <= entry.authorized_from
                assert last < entry.authorized_from <= entry.authorized_to
                last = entry.authorized_to
            if entry.separated_on:
                assert last <= entry.separated_on < ON


def test_officers_left_in_the_last_quarters_only(nation):
    left = {entry.separated_on for one in officers_of(nation) for entry in one.entries} - {None}
    assert min(left) >= date(2025, 4, 1)
    none = make_nation(NationSize(30, 100, 10, quarters=0), ON, seed=1)
    assert not any(e.separated_on for one in officers_of(none) for e in one.entries)


@pytest.mark.parametrize("seed", range(40))
def test_small_nations_add_up_too(seed):
    nation = make_nation(NationSize(agencies=9, trained=50, in_training=7), ON, seed)
    assert len(officers_of(nation)) == 57


@pytest.mark.parametrize(
    ("size", "on"),
    [
        (NationSize(agencies=0), ON),
        (NationSize(agencies=5001), ON),
        (NationSize(trained=-1), ON),
        (NationSize(), date(2018, 1, 1)),
    ],
)
def test_impossible_nations_are_refused(size, on):
    with pytest.raises(ValueError):
        make_nation(size, on, seed=1)


def make(*options: str) -> str:
    out = StringIO()
    call_command(
        "make_nation",
        "--agencies=40",
        "--trained=120",
        "--in-training=30",
        *options,
        stdout=out,
        stderr=StringIO(),
    )
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_loads_it_and_says_what_it_made(settings, after_quarter):
    settings.DEMO = True
    manager = make_person(Role.PROGRAM_MANAGER)
    before = Agency.objects.count()
    assert "40 agencies" in make()
    assert Agency.objects.count() == before + 40
    assert Officer.objects.count() == 150
    assert RosterEntry.objects.count() >= 150
    assert ActivePeriod.objects.exclude(agreement__status=Agreement.Status.PENDING).exists()
    assert AuditEvent.objects.filter(action="nation.make").count() == 1
    today = clock.today()
    trained = figures.trained_officers(manager, today, today)
    assert figures.total(trained.spread) == (120, 120)
    assert figures.total(figures.officers_in_training(manager, today)) == (30, 0)


@pytest.mark.django_db
def test_the_command_keeps_out_of_a_real_portal(settings, after_quarter):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        make("--yes")
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_a_second_nation_wants_a_yes(settings, after_quarter):
    settings.DEMO = True
    make_agency()
    make()
    with pytest.raises(CommandError, match="made-up nation in this database already"):
        make()
    assert Agency.objects.count() == 41
    make("--yes", "--seed=2")
    assert Agency.objects.count() == 81


@pytest.mark.django_db
def test_one_beside_an_imported_list_wants_a_yes(settings, after_quarter):
    settings.DEMO = True
    manager = make_person(Role.PROGRAM_MANAGER).user
    ListImport.objects.create(
        document=keep(
            [b"list"], kind=Document.Kind.ICE_LIST, filename="list.xlsx", media_type="text/plain"
        ),
        kind=ListImport.Kind.PENDING,
        as_of=ON,
        imported_by=manager,
        summary={},
    )
    with pytest.raises(CommandError, match="lists was imported"):
        make()
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_an_impossible_size_is_refused_in_words(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="negative"):
        make("--quarters=-1")
    assert not ListImport.objects.exists()
