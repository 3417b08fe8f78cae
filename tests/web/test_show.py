"""One address, two answers: the page, or the part htmx asks for."""

import pytest
from django.test import RequestFactory

from portal.web.show import STOP_POLLING, show, show_progress

PAGE, PART = "components/empty_state.html", "components/alert.html"


def ask(**headers: str):
    request = RequestFactory().get("/", headers=headers)
    return show(request, PAGE, fragment=PART, title="The page", text="The part")


def test_a_browser_gets_the_page() -> None:
    response = ask()
    assert b"The page" in response.content
    assert response["Vary"] == "HX-Request"


def test_htmx_gets_the_part() -> None:
    response = ask(hx_request="true")
    assert b"usa-alert" in response.content
    assert b"The page" not in response.content


@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
def test_htmx_gets_the_page_for_whole_page_navigation(header: str) -> None:
    assert b"The page" in ask(hx_request="true", **{header: "true"}).content


def test_a_page_without_parts_does_not_vary() -> None:
    response = show(RequestFactory().get("/"), PAGE, status=422, title="Errors")
    assert response.status_code == 422
    assert not response.has_header("Vary")


@pytest.mark.parametrize(("ended", "status"), [(False, 200), (True, STOP_POLLING)])
def test_the_last_poll_stops_the_polling(ended: bool, status: int) -> None:
    response = show_progress(
        RequestFactory().get("/"),
        "components/progress_body.html",
        ended=ended,
        title="Checking the file",
        step="Done.",
    )
    assert response.status_code == status
    assert (b"<progress" in response.content) is not ended
    assert response["Cache-Control"] == "no-store"
