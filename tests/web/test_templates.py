"""Every template compiles, obeys the content policy and keeps its comments to itself."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.html")
    if path.relative_to(ROOT).parts[0] not in {"packets", "email"}
)
#: What `script-src 'self'; style-src 'self'` forbids, and htmx attributes that would need eval.
FORBIDDEN = re.compile(
    r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.I
)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_obeys_the_content_policy(name: str) -> None:
    assert FORBIDDEN.findall((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_short_comment_ends_on_its_line(name: str) -> None:
    """Django shows `{#` to the reader when its `#}` stands on another line."""
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if line.count("{#") != line.count("#}")] == []
