"""What spam filters write: their forms, the values with their places, and the meanings that are published."""

from __future__ import annotations

import pytest

from deliverkit.standards.header import HeaderField
from deliverkit.standards.spam_headers.read import read_spam_headers
from deliverkit.standards.spam_headers.reasons import Reasons, reasons_of
from deliverkit.standards.spam_headers.verdict import Verdict

STATUS = "Yes, score=7.1 required=5.0 tests=AWL,BAYES_99=3.5,\tHTML_MESSAGE=-0.001 autolearn=no version=3.4.6"
AMAVIS = "No, score=-2.6 tagged_above=-999 required=6.31 tests=[BAYES_00=-1.9, DKIM_VALID=-0.1] autolearn=ham"
RSPAMD = (
    "default: False [2.34 / 15.00];\tMID_RHS_NOT_FQDN(0.50)[];\tR_DKIM_ALLOW(-0.20)[a.example:s=s1];"
    "\tSUBJECT(0.00)[X_FORGED(9.00)[}];\tMIME_GOOD (-0.10) [text/plain]"
)
FOREFRONT = (
    "CIP:2001:db8::7;CTRY:DE;LANG:en;SCL:5;SRV:;IPV:NLI;SFV:SPM;H:out.esp.example;PTR:out.esp.example;"
    "CAT:SPM;SFS:(13230040);SFTY:9.25;DIR:INB;X-CustomSpam: Image links"
)


def read(name: str, text: str) -> Verdict:
    found = read_spam_headers([HeaderField("Subject", "x"), HeaderField(name, text)])
    assert len(found) == 1
    assert (found[0].index, found[0].field, found[0].text) == (1, name, text)
    for mark in found[0].marks:
        assert mark.value == text[mark.span.start : mark.span.end] or (not mark.value and mark.name in text)
    return found[0]


def test_spamassassin() -> None:
    found = read("X-Spam-Status", STATUS)
    assert (found.is_spam, found.score) == (True, 7.1)
    required = found.get("required")
    assert required is not None
    assert required.number == 5.0
    assert [(mark.name, mark.number) for mark in found.marks[3:]] == [
        ("AWL", None), ("BAYES_99", 3.5), ("HTML_MESSAGE", -0.001),
    ]  # fmt: skip
    assert STATUS[found.marks[3].span.start :].startswith("AWL,")


def test_amavis_writes_brackets() -> None:
    found = read("X-Spam-Status", AMAVIS)
    assert (found.is_spam, found.score) == (False, -2.6)
    assert [(mark.name, mark.number) for mark in found.marks[3:]] == [("BAYES_00", -1.9), ("DKIM_VALID", -0.1)]


@pytest.mark.parametrize(
    ("name", "text", "is_spam", "numbers"),
    [
        ("X-Spam-Status", "No, hits=1.0 required=5.0 tests=none", False, [None, 1.0, 5.0]),
        ("X-Spam-Status", "No", False, [None]),
        ("X-Spam-Status", "", None, []),
        ("X-Spam-Flag", "YES", True, [None]),
        ("x-spam-flag", "no", False, [None]),
        ("X-Spam-Flag", "Nobody", None, []),
        ("X-Spam", "Yes", True, [None]),
        ("X-Spam-Score", "-3.80", None, [-3.8]),
        ("X-Spam-Score", "5.2 (+++++)", None, [5.2]),
        ("X-Spam-Score", "1.2.3", None, []),
        ("X-Spam-Level", "*******", None, [7.0]),
        ("X-Spam-Level", "", None, []),
        ("X-Spamd-Bar", "---", None, [-3.0]),
        ("X-Spam-Bar", "/", None, [0.0]),
        ("X-Rspamd-Action", "add header", True, [None]),
        ("X-Rspamd-Action", "no action", False, [None]),
        ("X-Rspamd-Action", "greylist", None, [None]),
        ("X-Rspamd-Action", "my own", None, [None]),
        ("X-MS-Exchange-Organization-SCL", "-1", False, [-1.0]),
        ("X-MS-Exchange-Organization-SCL", "1", False, [1.0]),
        ("X-MS-Exchange-Organization-SCL", "3", None, [3.0]),
        ("X-MS-Exchange-Organization-SCL", "9", True, [9.0]),
        ("X-MS-Exchange-Organization-SCL", "high", None, [None]),
        ("X-Microsoft-Antispam", "BCL:7;ARA:13230040|1;", None, [7.0, None]),
        ("X-Microsoft-Antispam-Mailbox-Delivery", "ucf:0;dest:J;", None, [0.0, None]),
        ("X-Gm-Spam", "1", True, [1.0]),
        ("X-Gm-Spam", "0", False, [0.0]),
        ("X-Gm-Phishy", "x", None, []),
    ],
)
def test_short_forms(name: str, text: str, numbers: list[float | None], *, is_spam: bool | None) -> None:
    found = read(name, text)
    assert found.is_spam is is_spam
    assert [mark.number for mark in found.marks] == numbers


def test_rspamd_says_false_of_what_it_does_not_refuse() -> None:
    found = read("X-Spamd-Result", RSPAMD)
    assert (found.is_spam, found.score) == (None, 2.34)
    assert [(mark.name, mark.number) for mark in found.marks[3:]] == [
        ("MID_RHS_NOT_FQDN", 0.5), ("R_DKIM_ALLOW", -0.2), ("SUBJECT", 0.0), ("MIME_GOOD", -0.1),
    ]  # fmt: skip
    assert found.marks[0].meaning == "the score is below the one for refusing"
    assert read("X-Spamd-Result", "default: True [16.00 / 15.00]").is_spam is True
    assert read("X-Spamd-Result", "nonsense").marks == ()


def test_forefront() -> None:
    found = read("X-Forefront-Antispam-Report", FOREFRONT)
    assert found.is_spam is True
    values = {mark.name: mark.value for mark in found.marks}
    assert values["CIP"] == "2001:db8::7"
    assert values["H"] == "out.esp.example"
    assert values["X-CustomSpam"] == "Image links"
    assert "SRV" not in values
    assert {mark.name for mark in found.marks if not mark.meaning} == {"SFS", "X-CustomSpam"}
    assert all((mark.source is None) == (not mark.meaning) for mark in found.marks)


@pytest.mark.parametrize(
    ("text", "is_spam", "meaning"),
    [
        ("SFV:NSPM;SCL:5", False, "the spam filter does not take it for spam"),
        ("sfv:spm", None, "the spam filter takes it for spam"),
        ("SFV:SKB;CAT:NONE", True, "a block list of the organisation's policy holds the sender"),
        ("SFV:XYZ;SCL:6", True, ""),
        ("SFV:XYZ", None, ""),
        ("nonsense;;SCL:1", False, "the spam filter does not take it for spam"),
    ],
)
def test_the_filters_word_goes_before_the_level(text: str, meaning: str, *, is_spam: bool | None) -> None:
    found = read("X-Forefront-Antispam-Report", text)
    assert (found.is_spam, found.marks[0].meaning) == (is_spam, meaning)


def test_levels_and_categories_say_what_microsoft_says() -> None:
    level = read("X-MS-Exchange-Organization-SCL", "6").marks[0]
    bulk = read("X-Microsoft-Antispam", "BCL:8;").marks[0]
    category = read("X-Forefront-Antispam-Report", "CAT:HPHISH;").marks[0]
    assert level.meaning == "spam: by default it goes to junk"
    assert bulk.meaning == "from a bulk sender with many complaints"
    assert category.meaning == "phishing, with high confidence"
    for mark in (level, bulk, category):
        assert mark.source is not None
        assert mark.source.as_of is not None


def test_other_fields_are_left_alone() -> None:
    names = ("X-Forefront-Antispam-Report-Untrusted", "X-Spammer", "Subject")
    assert read_spam_headers([HeaderField(name, "Yes") for name in names]) == ()


@pytest.mark.parametrize(
    ("name", "text", "reasons"),
    [
        ("X-Spam-Status", STATUS, Reasons("X-Spam-Status", ("BAYES_99",))),
        (
            "X-Spam-Status",
            "Yes, tests=URI_NEW_DOMAIN,BAYES_99",
            Reasons("X-Spam-Status", ("URI_NEW_DOMAIN", "BAYES_99")),
        ),
        ("X-Spam-Status", "No, tests=AWL,HTML_MESSAGE", None),
        ("X-Spam-Status", AMAVIS, None),
        ("X-Spamd-Result", RSPAMD, Reasons("rspamd", ("MID_RHS_NOT_FQDN",))),
        (
            "X-Spamd-Result",
            "default: True [20.00 / 15.00]; LIGHT(1.0)[]; HEAVY(9.0)[]",
            Reasons("rspamd", ("HEAVY", "LIGHT")),
        ),
        ("X-Spam-Flag", "YES", Reasons("X-Spam-Flag", ())),
        ("X-Spam-Flag", "NO", None),
        ("X-Forefront-Antispam-Report", FOREFRONT, Reasons("Microsoft", ("SFV SPM", "CAT SPM", "SCL 5"))),
        ("X-Forefront-Antispam-Report", "SFV:NSPM;SCL:1", None),
    ],
)
def test_what_speaks_for_spam_is_named_the_heaviest_first(name: str, text: str, reasons: Reasons | None) -> None:
    assert reasons_of(read(name, text)) == reasons
