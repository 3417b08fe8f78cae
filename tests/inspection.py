"""Looking at a page as axe does, and as somebody with a telephone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from portal.accounts.policies import Actor

AXE = Path(settings.BASE_DIR) / "static" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (390, 1280)


def assert_accessible(page: Page) -> None:
    """No finding of axe on the page as it stands, and nothing beside the screen, narrow and wide."""
    # A click that leads on returns before the page it leads to is there.
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(
            "axe.run().then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))"
        )
        assert found == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) <= 0, f"the page is wider than {width} px"


def signed_in(browser: Browser, url: str, actor: Actor) -> Page:
    """A tab of somebody who signed in long ago; the security policy is off, for axe runs in the page."""
    client = Client()
    client.force_login(actor.user)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    context.set_default_timeout(10_000)
    context.add_cookies(
        [{"name": c.key, "value": c.value, "url": url} for c in client.cookies.values()]
    )
    return context.new_page()


def look(browser: Browser, url: str, actor: Actor, path: str, name: str) -> None:
    """Inspect one page as somebody sees it; its pictures are kept under `name` where SHOTS names a folder."""
    page = signed_in(browser, url, actor)
    answer = page.goto(url + path)
    assert answer is not None and answer.status == 200, path
    if "SHOTS" in os.environ:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{width}.png", full_page=True)
    assert_accessible(page)
    page.context.close()


@contextmanager
def further_tabs(browser: Browser, page: Page) -> Iterator[Callable[[], Page]]:
    """Opens tabs of the person at `page` in which axe may do what the security policy forbids pages."""
    contexts = []

    def open_tab() -> Page:
        state = page.context.storage_state()
        contexts.append(browser.new_context(bypass_csp=True, storage_state=state))
        return contexts[-1].new_page()

    yield open_tab
    for context in contexts:
        context.close()
