"""The Chromium that clicks through the portal: found on the machine, never downloaded here."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium: the system's, else the one Playwright has fetched; None without."""
    for name in ("chromium", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        # A snap, as on Ubuntu, cannot be driven from outside.
        if found and not found.startswith("/snap/"):
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser for the length of a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        sys.exit(chromium(playwright) is None)
