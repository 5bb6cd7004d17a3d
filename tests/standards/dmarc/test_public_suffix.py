"""The Public Suffix List, of which only the part about a top-level domain is read."""

from __future__ import annotations

from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList

from deliverkit.standards.dmarc.public_suffix import registered_domain


def test_the_rules_mean_what_they_mean_in_the_whole_list() -> None:
    whole = PublicSuffixList()
    lines = Path(PSLFILE).read_text("utf-8").splitlines()
    every = {line.lstrip("!").removeprefix("*.") for line in lines if line and not line.startswith("//")}
    rules = sorted(every)[::9]  # some of each kind and section
    names = {label + name for rule in rules for name in (rule, rule.encode("idna").decode()) for label in ("", "b.a.")}
    assert len(names) > 2_000
    by_top = sorted(names, key=lambda name: name.rpartition(".")[2])
    assert [name for name in by_top if registered_domain(name) != whole.privatesuffix(name)] == []
