"""The reference of the TOML files: its examples are read, and every key that is known stands in it."""

import re
from pathlib import Path

from deliverkit.observations.mailbox import FileAccess
from deliverkit.preflight.campaign import parse_campaign
from deliverkit.preflight.template import TEMPLATE as CAMPAIGN
from deliverkit.seeds.seedfile import parse_seeds
from deliverkit.seeds.template import TEMPLATE as SEEDS

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
_KEY = re.compile(r"^(?:# )?([a-z_]+) = ", re.MULTILINE)


def page(name: str) -> tuple[str, str]:
    """The page, and its example."""
    text = (REFERENCE / name).read_text("utf-8")
    return text, text.split("```toml\n")[1].split("```")[0]


def test_the_campaign_file_is_told() -> None:
    text, example = page("campaign.md")
    found = parse_campaign(example, path=Path("campaign.toml"))
    assert (found.domains, found.delivery) == (("example.com", "mail.example.com"), "ada@example.com")
    assert [key for key in _KEY.findall(CAMPAIGN) if f"`{key}`" not in text] == []


def test_the_seed_file_is_told() -> None:
    text, example = page("seeds.md")
    found = parse_seeds(example, path=Path("seeds.toml"))
    assert isinstance(found.seeds[-1].access, FileAccess)
    assert [key for key in _KEY.findall(SEEDS) if f"`{key}`" not in text] == []
