"""The pages for people: what they lead to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deliverkit.checks.registry import checks
from deliverkit.script import shipped

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page: Path) -> Iterator[str]:
    """What its headings are linked by, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        name, _, anchor = link.partition("#")
        if ":" in name:
            continue
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), link
        assert not anchor or anchor in set(anchors(found)), link


def test_every_check_and_every_script_has_a_page_in_its_index() -> None:
    for folder, names in (("checks", [check.code for check in checks()]), ("scripts", shipped())):
        index = (ROOT / "docs" / folder / "README.md").read_text("utf-8")
        linked = {link for link in LINK.findall(index) if "/" not in link}
        assert {f"{name}.md" for name in names} == linked
        assert linked | {"README.md"} == {found.name for found in (ROOT / "docs" / folder).iterdir()}
