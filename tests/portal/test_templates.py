"""Every template compiles, and none holds what the security policy would stop."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"}
)
# Mail and packets are no pages: their readers know no security policy.
PAGES = [name for name in TEMPLATES if not name.startswith(("email/", "packets/"))]
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|<[^>]+\s(?:style|on[a-z]+)\s*=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_holds_no_inline_script_or_style(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not INLINE.findall(TEMPLATE_TAG.sub("", text))
