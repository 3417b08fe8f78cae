"""Numbers with what they count."""

from portal.kernel.counting import counted


def test_one_is_singular_and_all_others_plural() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 1200)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,200 rows",
    ]
    assert counted(1, "row was", "rows were") == "1 row was"
    assert counted(2, "row was", "rows were") == "2 rows were"
