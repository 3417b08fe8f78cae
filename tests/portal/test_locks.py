"""The locks pin and prove every package, and name no host."""

from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
REQUIREMENTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_python_packages_are_pinned_with_hashes(name: str) -> None:
    entries = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    packages = [entry for entry in entries if entry and not entry.lstrip().startswith("#")]
    assert packages
    for entry in packages:
        assert "==" in entry and "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", [*REQUIREMENTS, "static/package-lock.json"])
def test_no_host_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
