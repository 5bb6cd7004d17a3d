"""Several fixes of one record as one: each change is in it, and what excludes each other is not guessed at."""

from __future__ import annotations

from deliverkit.checks.merging import together
from deliverkit.model import Fix, ZoneLine
from deliverkit.standards.txt import data_of, text_of

SPF = "v=spf1 ipv4:11.0.1.25 include:old.example ?all mx"


def fix(base: str, text: str) -> Fix:
    old = ZoneLine("good.example", "@", 3600, "TXT", data_of(base))
    return Fix("mend it", (str(old),), (ZoneLine("good.example", "@", 3600, "TXT", data_of(text)),))


def merged(base: str, *texts: str) -> str | None:
    one = together([fix(base, text) for text in texts])
    return text_of(one.add[0].data) if one else None


def test_changes_of_different_terms_are_all_made() -> None:
    changed = (
        SPF.replace("ipv4", "ip4"),
        SPF.replace("include:old.example ", ""),
        SPF.replace("?all", "~all"),
        SPF.replace("?all mx", "mx ?all"),
    )
    assert merged(SPF, *changed) == "v=spf1 ip4:11.0.1.25 mx ~all"
    assert merged(SPF, *reversed(changed)) == "v=spf1 ip4:11.0.1.25 mx ~all"


def test_two_senders_are_named_beside_each_other() -> None:
    one, other = "v=spf1 ip4:11.0.1.1 -all", "v=spf1 ip4:11.0.1.2 -all"
    assert merged("v=spf1 -all", one, other) == "v=spf1 ip4:11.0.1.1 ip4:11.0.1.2 -all"


def test_the_same_change_is_made_once() -> None:
    assert merged(SPF, SPF.replace("?", "~"), SPF.replace("?", "~")) == SPF.replace("?", "~")


def test_changes_of_one_term_exclude_each_other() -> None:
    assert merged(SPF, SPF.replace("?all", "~all"), SPF.replace("?all", "-all")) is None
    record = "v=DMARC1; p=none; sp=none"
    assert merged(record, "v=DMARC1; p=none; fo=1; sp=none", "v=DMARC1; p=none; fo=s; sp=none") is None


def test_a_long_record_is_split_anew() -> None:
    long = "v=spf1 " + " ".join(f"ip4:11.0.{number}.25" for number in range(40)) + " ?all"
    one = together([fix(long, long.replace("?all", "~all")), fix(long, long.replace("ip4:11.0.3.25 ", ""))])
    assert one is not None
    assert text_of(one.add[0].data) == long.replace("?all", "~all").replace("ip4:11.0.3.25 ", "")
    assert one.add[0].data.count('" "') == 2


def test_two_records_of_which_there_can_be_one_are_not_both_published() -> None:
    new = Fix("publish it", add=fix("", "v=spf1 mx -all").add)
    moved = Fix("move it", ('www.good.example.  3600  IN  TXT  "v=spf1 a -all"',), fix("", "v=spf1 a -all").add)
    assert together([new, moved]) is None
    assert together([new, new]) == new


def test_a_record_that_one_removes_and_the_other_changes_waits() -> None:
    changed = fix(SPF, SPF.replace("?", "~"))
    assert together([Fix("remove it", changed.remove), changed]) is None
    assert together([Fix("remove both", (*changed.remove, "b.example.  3600  IN  A  11.0.0.1")), changed]) is None


def test_exchangers_are_changed_side_by_side() -> None:
    one = Fix("rename", ("good.example.  60  IN  MX  10 a.",), (ZoneLine("good.example", "@", 60, "MX", "10 b."),))
    other = Fix("rename", ("good.example.  60  IN  MX  20 c.",), (ZoneLine("good.example", "@", 60, "MX", "20 d."),))
    both = together([one, other])
    assert both is not None
    assert [str(line)[:1] for line in both.changes] == ["-", "-", "+", "+"]
