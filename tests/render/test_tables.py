"""Tables on terminals of every width: nothing is wider than the terminal."""

from __future__ import annotations

import pytest

from deliverkit.lab.world import load, parse
from deliverkit.render.authority import render_tables
from deliverkit.render.look import Look
from deliverkit.render.tables import Table, lay_out
from tests.judging import judge

TABLE = Table(("name server", "address", "serial", "MX"), (("ns1.good.example", "2a11:db8:3::53", "7", "✓ 1 h"),))


def test_a_table_that_is_a_little_too_wide_loses_the_middle_of_its_names() -> None:
    wide = lay_out(TABLE, Look())
    assert "ns1.good.example  2a11:db8:3::53" in wide
    narrow = lay_out(TABLE, Look(width=len(wide.splitlines()[-1]) - 2))
    assert "ns1.goo…xample  2a11:db8:3::53" in narrow


def test_a_table_that_is_far_too_wide_has_a_paragraph_for_each_row() -> None:
    assert lay_out(TABLE, Look(width=40)).splitlines() == [
        "  name server  address",
        "  ns1.good.example  2a11:db8:3::53",
        "     serial 7 · MX ✓ 1 h",
    ]


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("name", ["servers-without-ipv6-here", "resolvers-differ"])
def test_name_servers_with_ipv6_addresses_fit_every_terminal(name: str, width: int) -> None:
    long = 'like = "servers-agree"\nadd = "ns2 AAAA 2a11:db8:3333:4444:5555:6666:7777:8888"\n'
    for world in (load(name), parse(long, name="long")):
        report = judge(world).report
        text = "\n".join(render_tables(report, Look(width=width)))
        assert max(map(len, text.splitlines())) <= width


def test_a_table_that_prose_makes_too_wide_has_the_prose_in_several_lines() -> None:
    why = "MX at Google Workspace, SPF includes Google Workspace"
    table = Table(("selector", "key", "why it was tried"), (("google", "RSA-2048", why), ("s1", "–", "widely used")))
    assert lay_out(table, Look(width=50)).splitlines() == [
        "  selector  key       why it was tried",
        "  google    RSA-2048  MX at Google Workspace, SPF",
        "                      includes Google Workspace",
        "  s1        –         widely used",
    ]


def test_words_of_our_own_are_never_cut() -> None:
    table = Table(
        ("mail from", "policy"), (("a.long.name.of.some.shop.example", "none"), ("a subdomain there", "none"))
    )
    text = lay_out(table, Look(width=32))
    assert "a subdomain there  " in text
    assert "…" in text


def test_a_row_about_what_the_one_above_is_about_has_no_empty_line_before_it() -> None:
    told = ("a remark that is much too long to stand beside the rest of it", "another one that needs as much room")
    rows = (("a.example", "TLS 1.2", *told), ("", "", *told))
    lines = lay_out(Table(("exchange", "protocol", "cipher", "remark"), rows), Look(width=40)).splitlines()
    assert "" not in map(str.strip, lines)
    assert sum("cipher" in line for line in lines) == 2
