"""Lists: whatever address a person types, they get a page of the right rows."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Agency
from portal.web import paging
from portal.web.paging import Column, Filter, Listing

COLUMNS = [
    Column("Agency", "name", ("name",)),
    Column("Number", "number", ("number",), numeric=True),
    Column("State"),
]
STATES = Filter("state", "State", [("TX", "Texas"), ("FL", "Florida")])


@pytest.fixture(autouse=True)
def agencies(db: None) -> None:
    Agency.objects.bulk_create(
        Agency(number=f"{n:03}", name=f"Agency {n // 2:03}", state="TX" if n % 3 else "FL")
        for n in range(1, 26)
    )


def listing(query: str = "", **options) -> Listing:
    options = {"columns": COLUMNS, "order": "name", "per_page": 10, **options}
    return Listing(
        QueryDict(query),
        Agency.objects.all(),
        search=["name", "number"],
        filters=[STATES],
        **options,
    )


def numbers(listed: Listing) -> list[str]:
    return [agency.number for agency in listed]


def test_the_first_page_in_the_default_order() -> None:
    listed = listing()
    assert numbers(listed) == [f"{n:03}" for n in range(1, 11)]
    assert (listed.first, listed.last, listed.total, listed.pages) == (1, 10, "25", 3)


def test_equal_rows_keep_their_place_from_page_to_page() -> None:
    seen = [number for page in (1, 2, 3) for number in numbers(listing(f"page={page}&sort=-name"))]
    assert seen == [f"{n:03}" for n in range(25, 0, -1)]


@pytest.mark.parametrize(
    ("asked", "page"),
    [("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("9" * 40, 1), ("²", 1)],
)
def test_any_page_number_leads_to_a_page(asked: str, page: int) -> None:
    assert listing(f"page={asked}").page == page


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "sort=--name",
        "sort=agency__secret",
        "sort=",
        "state=XX",
        "q=%00",
        "q=%25_%5C'%22",
        "q=" + "a" * 5000,
        "page=1&page=2",
        "%F0%9F%9A=1",
    ],
)
def test_no_address_is_an_error(query: str) -> None:
    listed = listing(query)
    assert len(listed) <= 10
    assert listed.sort == "name"


def test_search_wants_every_word_somewhere() -> None:
    assert numbers(listing("q=agency+007")) == ["007", "014", "015"]


def test_a_filter_takes_only_its_own_choices() -> None:
    assert listing("state=FL").count == 8
    assert listing("state=XX").count == 25


def test_filters_cannot_take_the_lists_own_names() -> None:
    with pytest.raises(ValueError, match="page"):
        Listing(
            QueryDict(),
            Agency.objects.all(),
            columns=COLUMNS,
            order="name",
            filters=[Filter("page", "Page", [])],
        )


def test_headings_turn_the_order_around_and_keep_the_rest() -> None:
    name, number, state = listing("sort=name&q=agency&page=2&tab=x").headings
    assert (name.direction, number.direction, state.direction) == ("ascending", "", "")
    assert name.url == "?sort=-name&q=agency&tab=x"
    assert number.url == "?sort=number&q=agency&tab=x"
    assert state.url == ""


def test_two_lists_on_one_page_do_not_disturb_each_other() -> None:
    listed = listing("page=2&a-page=3", prefix="a-")
    assert listed.page == 3
    assert listed.previous_url == "?page=2&a-page=2"


def test_the_way_to_the_other_pages() -> None:
    listed = listing("page=9", per_page=1)
    assert [step.number for step in listed.steps] == [1, 0, 8, 9, 10, 0, 25]
    assert listed.next_url == "?page=10"


def test_counting_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_LIMIT", 15)
    listed = listing("page=99")
    assert listed.is_cut
    assert (listed.page, listed.last, len(listed)) == (2, 15, 5)
    assert listed.total == "more than 15"


def test_a_page_costs_two_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        listed = listing("page=2")
        render(listed)
    assert len(queries) == 2


def render(listed: Listing) -> str:
    return render_to_string(
        "components/listing.html",
        {
            "listing": listed,
            "target": "list",
            "caption": "Agencies",
            "row": "components/alert.html",
        },
        request=RequestFactory().get("/agencies/"),
    )


def test_the_table_tells_how_it_is_sorted() -> None:
    html = render(listing("sort=-number"))
    assert 'aria-sort="descending"' in html
    assert 'aria-current="page"' in html
    assert "Showing 1–10 of 25" in html


def test_what_was_searched_comes_back_escaped() -> None:
    html = render(listing("q=%22%3E%3Cscript%3E"))
    assert "<script>" not in html
    assert "Nothing found" in html
