"""What every test may ask for: a database, the owner's cursor, a worker, a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page

from portal.kernel.clock import clock_at
from tests.browser import running_browser
from tests.databases import create_test_database, drop_test_database
from tests.worker import running_worker

AFTER_QUARTER = datetime(2026, 1, 20, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """The database of this process, as the application's role sees it.

    That role may not TRUNCATE, so after a test with real transactions (`transactional_db`,
    `live_server`) the database is made anew instead of flushed.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: create_test_database())
        create_test_database()
        yield
        drop_test_database()


@pytest.fixture
def owner_cursor(transactional_db: None) -> Iterator[psycopg.Cursor]:
    """A cursor of the role that owns the tables, for what the application may not do."""
    url = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def after_quarter() -> Iterator[None]:
    """The clock stands where FY2026Q1 can be claimed."""
    with clock_at(AFTER_QUARTER):
        yield


@pytest.fixture(scope="module")
def worker(django_db_setup: None) -> Iterator[None]:
    """A real Celery worker on this process's database and broker.

    It ends with the module: another one's tests run their jobs themselves.
    """
    with running_worker():
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab; a script that fails, or that the security policy stops, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert not complaints
