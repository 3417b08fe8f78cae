"""Lists of rows in memory turn pages and are searched like those of the database."""

from django.http import QueryDict

from portal.web.paging import Column, MemoryListing


def listing(query: str = "") -> MemoryListing:
    return MemoryListing(
        QueryDict(query),
        [f"Officer {number:02}" for number in range(1, 26)],
        columns=[Column("Officer")],
        text=str,
        per_page=10,
        prefix="d-",
    )


def test_rows_come_in_their_own_order_page_by_page():
    assert next(iter(listing())) == "Officer 01"
    assert list(listing("d-page=3")) == [f"Officer {number}" for number in range(21, 26)]
    assert listing("d-page=99").page == 3


def test_every_word_of_a_search_must_be_there():
    assert list(listing("d-q=OFFICER+07")) == ["Officer 07"]
    assert listing("d-q=nobody").count == 0
    assert listing("q=07").count == 25
