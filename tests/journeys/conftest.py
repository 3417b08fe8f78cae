"""What the journeys share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.inspection import further_tabs


@pytest.fixture
def inspected(browser: Browser, page: Page) -> Iterator[Callable[[], Page]]:
    """Opens a second tab of the person at `page`, in which axe can run."""
    with further_tabs(browser, page) as open_tab:
        yield open_tab
