"""README and docs as a whole: links lead somewhere, and what is written down twice agrees."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from mockserver.cli import reference
from mockserver.cli.main import VERBS
from mockserver.cli.serve import banner
from tests.conftest import make_mock

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def links(page: Path) -> list[tuple[Path, str]]:
    """Return what a page links to within the project: a path, and the heading there."""
    found = (link.partition("#") for link in _LINK.findall(page.read_text(encoding="utf-8")))
    return [
        (Path(os.path.normpath(page.parent / path)) if path else page, anchor)
        for path, _, anchor in found
        if ":" not in path
    ]


def anchors(page: Path) -> set[str]:
    """Return the names by which the headings of a page are linked to."""
    titles = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path):
    lost = [
        f"{path.relative_to(ROOT)}#{anchor}"
        for path, anchor in links(page)
        if not path.exists() or (anchor and anchor not in anchors(path))
    ]
    assert lost == []


def test_every_page_is_found_from_the_readme_in_two_steps():
    first = {path for path, _ in links(README)}
    second = {path for page in first if page.suffix == ".md" for path, _ in links(page)}

    assert set((ROOT / "docs").glob("*.md")) <= first | second


def test_the_first_call_of_the_readme_is_the_one_that_the_start_offers():
    offered = re.search(r"curl -H .*", banner(make_mock(), "http://127.0.0.1:4010"))

    assert offered is not None
    assert f"\n{offered[0]}\n" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme(verb: str):
    assert f"mockserver {verb}" in README.read_text(encoding="utf-8") or verb == "routes"


def test_the_page_of_the_settings_is_made_from_the_settings():
    page = (ROOT / reference.PAGE).read_text(encoding="utf-8")
    assert page == reference.render(), "run: python -m mockserver.cli.reference"


def test_every_dependency_has_its_line_under_its_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    wanted = {"Core": project["dependencies"]}
    wanted |= {f"`[{name}]`": asked for name, asked in project["optional-dependencies"].items()}
    for title, asked in wanted.items():
        section = page.partition(f"\n## {title}: ")[2].partition("\n## ")[0]
        _, *rows = re.findall(r"^\| ([\w.-]+) \|", section, re.MULTILINE)
        assert sorted(rows) == sorted(re.split(r"[\[>=;]", one)[0] for one in asked), title
