"""``deliverkit dmarc`` as a user types it."""

from __future__ import annotations

import re

import pytest

from tests.commands import run


def test_it_shows_walk_policies_and_reports() -> None:
    shown = run("dmarc", "good.example", "--lab", "dmarc-external")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "  1  _dmarc.good.example  ✓ v=DMARC1; p=reject;" in shown.stdout
    assert "  2  _dmarc.example       – no such record" in shown.stdout
    assert "  a missing subdomain    reject  p at good.example  the same" in shown.stdout
    assert "  rua      mailto:b@other.test    ✗ does not say so  ✓ yes" in shown.stdout


@pytest.mark.parametrize(
    ("world", "code"), [("dmarc-good", 0), ("dmarc-none", 0), ("dmarc-several", 1), ("dmarc-lookup-fails", 3)]
)
def test_the_exit_code(world: str, code: int) -> None:
    assert run("dmarc", "good.example", "--lab", world).returncode == code


def test_several_records_and_other_texts_are_told_apart() -> None:
    shown = run("dmarc", "good.example", "--lab", "dmarc-several").stdout
    assert "✗ 2 DMARC records, so none of them counts" in shown
    quoted = run("dmarc", "good.example", "--lab", "dmarc-quoted").stdout
    assert "– 1 text, no DMARC record" in quoted


def test_where_older_receivers_differ() -> None:
    shown = run("dmarc", "shop.lab.good.example", "--lab", "dmarc-department").stdout
    assert re.search(r"quarantine  p at lab.good.example +reject\n", shown)


def test_it_shows_what_is_aligned_and_whether_what_is_expected_is() -> None:
    names = ("--selector", "s1", "--selector", "s1._domainkey.lab.good.example")
    told = ("--from", "<b@x.lab.good.example>", *names)
    shown = run("dmarc", "news.good.example", "--lab", "dmarc-department", *told).stdout
    assert re.search(r"d= and MAIL FROM +relaxed: good.example and every name below it +the same\n", shown)
    assert re.search(
        r"MAIL FROM x.lab.good.example +✗ not aligned, counts for nothing +✓ counts where it passes\n", shown
    )
    assert re.search(r"d= news.good.example +✓ counts where it passes +the same\n", shown)
    assert re.search(r"d= lab.good.example +✗ not aligned, counts for nothing +✓ counts where it passes\n", shown)


def test_what_is_no_address_and_no_selector_is_refused() -> None:
    assert run("dmarc", "good.example", "--from", "a b", "--lab", "dmarc-good").returncode == 2
    assert "is no selector" in run("dmarc", "good.example", "--selector", "a b", "--lab", "dmarc-good").stderr


@pytest.mark.parametrize("width", ["40", "60"])
def test_it_fits_a_narrow_terminal_where_it_can(width: str) -> None:
    shown = run("dmarc", "good.example", "--lab", "dmarc-good", COLUMNS=width).stdout
    walked = [line for line in shown.splitlines() if "_dmarc." in line]
    assert max(map(len, walked)) <= max(int(width), 56)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_documents_hold_the_tables(form: str) -> None:
    assert "receivers by RFC 7489" in run("dmarc", "good.example", "--lab", "dmarc-good", "--format", form).stdout


def test_a_record_can_be_tried_before_it_is_published() -> None:
    line = '+ _dmarc.good.example. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@good.example"'
    shown = run("dmarc", "good.example", "--lab", "dmarc-none", "--what-if", "-", "--quiet", stdin=line).stdout
    assert "good.example asks receivers to deliver mail that fails DMARC all the same (p=none)." in shown
