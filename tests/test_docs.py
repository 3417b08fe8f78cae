"""What the documentation names is there: pages, files, tests and commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands

from claims.demo_plans import PLANS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "samples" / "README.md"])
README = (ROOT / "README.md").read_text(encoding="utf-8")

LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:")
CODE = re.compile(r"`([^`\s]+)`")
PATH = re.compile(r"(\.?[\w-]+)/[\w./-]*")
#: Made by the scripts, so not in a fresh clone.
MADE = (".venv", "static/node_modules", "var")


def named(page: Path) -> set[str]:
    """What a page names in code type."""
    return set(CODE.findall(page.read_text(encoding="utf-8")))


def section(heading: str) -> str:
    """The part of the README below a heading."""
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def heading_anchors(page: Path) -> set[str]:
    """The anchors a page's headings get where Markdown is shown."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if ELSEWHERE.match(link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.is_relative_to(ROOT), f"{link} leads out of the repository"
        assert file.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in heading_anchors(file), f"{link} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_that_is_named_exists(page: Path) -> None:
    paths = [name for name in named(page) if not name.startswith(MADE)]
    for path in filter(PATH.fullmatch, paths):
        if (ROOT / path.split("/")[0]).exists():
            assert (ROOT / path).exists(), f"there is no {path}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_test_that_is_named_exists(page: Path) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    for name in named(page):
        if re.fullmatch(r"test_\w+", name):
            assert f"def {name}(" in tests, f"there is no {name}"


def test_the_readme_names_exactly_the_commands_there_are() -> None:
    installed = (app.name for app in apps.get_app_configs())
    ours = {name for name in installed if (ROOT / name.split(".")[0]).is_dir()}
    commands = {command for command, app in get_commands().items() if app in ours}
    assert set(re.findall(r"^\| `(\w+)", section("Commands"), re.MULTILINE)) == commands


def test_the_readme_names_every_agency_of_the_demo() -> None:
    first_column = re.findall(r"^\| (`.+?) \|", section("The demo"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(first_column))) == {plan.slug for plan in PLANS}


@pytest.mark.parametrize("script", ["demo", "test", "manage"])
def test_the_scripts_of_the_readme_can_be_run(script: str) -> None:
    assert f"bin/{script}" in README
    assert (ROOT / "bin" / script).stat().st_mode & 0o111


def test_the_printed_reference_is_what_the_code_says() -> None:
    call_command("print_docs", "--check")


def test_decisions_are_numbered_in_order() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, file in enumerate(files, start=1):
        assert file.name.startswith(f"{number:04d}-")
        assert file.read_text(encoding="utf-8").startswith(f"# {number}. ")
