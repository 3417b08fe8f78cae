"""The finder serves the named files and what they refer to, and nothing else."""

from pathlib import Path

import pytest

from portal.web.staticfiles import PACKAGES, NpmFinder, files_with_references


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "img").mkdir()
    (tmp_path / "css/site.css").write_text(
        'a{background:url("../img/a.svg?v=1#x")} b{background:url(data:image/png;base64,AA)}'
        " c{background:url()} /*# sourceMappingURL=site.css.map */"
    )
    (tmp_path / "css/site.css.map").write_text("{}")
    (tmp_path / "img/a.svg").write_text("<svg/>")
    (tmp_path / "img/unused.svg").write_text("<svg/>")
    return tmp_path


def test_references_of_a_style_sheet_are_followed(package: Path) -> None:
    found = files_with_references(package, ("css/site.css",))
    assert set(found) == {"css/site.css", "css/site.css.map", "img/a.svg"}


def test_a_reference_out_of_the_package_is_not_followed(package: Path) -> None:
    (package.parent / "secret.txt").write_text("secret")
    (package / "css/evil.css").write_text("a{background:url(../../secret.txt)}")
    assert files_with_references(package, ("css/evil.css",)) == ("css/evil.css",)


def test_every_wanted_file_is_installed() -> None:
    assert NpmFinder().check() == []


def test_a_missing_file_says_how_to_get_it(settings, tmp_path: Path) -> None:
    settings.NPM_ROOT = tmp_path
    errors = NpmFinder().check()
    assert len(errors) == sum(len(names) for _, names in PACKAGES.values())
    assert "npm ci" in (errors[0].hint or "")


def test_found_by_its_static_path() -> None:
    finder = NpmFinder()
    assert finder.find("vendor/uswds/img/sprite.svg").endswith("uswds/dist/img/sprite.svg")
    assert finder.find("vendor/uswds/img/hero.jpg", find_all=True)


@pytest.mark.parametrize(
    "path",
    ["portal.css", "vendor/uswds/js/uswds.js", "vendor/htmx/../../package.json", "vendor/uswds/"],
)
def test_nothing_else_is_found(path: str) -> None:
    assert NpmFinder().find(path) == []


def test_listing_leaves_out_what_is_to_be_ignored() -> None:
    names = {f"{storage.prefix}/{name}" for name, storage in NpmFinder().list(["*.ttf"])}
    assert "vendor/htmx/htmx.min.js" in names
    assert not any(name.endswith(".ttf") for name in names)
