"""``campaign.toml``: what it says, and errors that say where and what to write."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.preflight.campaign import Campaign, parse_campaign, read_campaign
from deliverkit.preflight.template import TEMPLATE
from deliverkit.seeds.parts import Parts

WHOLE = """
name = "Spring sale"
from = "news@shop.example"
kind = "transactional"
message = "spring.eml"
[path]
mail_from = "bounce@mail.shop.example"
sending_addresses = ["11.0.1.25", "2a11:db8::25"]
helo = "out.shop.example"
selectors = ["s1", "s2._domainkey.esp.example"]
[seeds]
file = "my/seeds.toml"
control = true
relay = "smtp.shop.example:587"
inbox_rate = 0.8
wait_minutes = 5
[audience]
Gmail = 44000
Yahoo = 6000
[delivery]
to = "ada@shop.example"
[[waivers]]
check = "no-mta-sts"
reason = "soon"
until = 2027-03-31
"""


def parse(text: str) -> Campaign:
    return parse_campaign(text, path=Path("/c/spring.toml"))


def test_a_secret_that_stands_in_the_file_is_refused_and_never_shown() -> None:
    told = WHOLE.replace("control = true", 'control = true\nuser = "ada"\nsecret = "hunter2"')
    with pytest.raises(UsageError, match=r"secret: .*and never the secret itself") as refused:
        parse(told)
    assert "hunter2" not in str(refused.value)


def test_all_that_it_says_is_read() -> None:
    found = parse(WHOLE)
    assert found.message == Path("/c/spring.eml")
    assert found.domains == ("shop.example", "mail.shop.example")
    assert found.senders == (ip_address("11.0.1.25"), ip_address("2a11:db8::25"))
    assert found.signers == ("shop.example", "esp.example")
    assert found.seeds.file == Path("/c/my/seeds.toml")
    assert (found.seeds.inbox_rate, found.seeds.wait, found.seeds.has_control) == (0.8, 300.0, True)
    assert found.shares == {"Gmail": 0.88, "Yahoo": 0.12}
    assert found.delivery == "ada@shop.example"
    assert (found.waivers[0].code, found.waivers[0].until) == ("STS001", date(2027, 3, 31))


def test_what_is_left_out_has_its_usual_value() -> None:
    found = parse('from = "news@shop.example"')
    assert (found.name, found.kind, found.seeds.file, found.shares) == ("spring", "marketing", None, {})


def test_a_secret_lies_from_the_folder_of_the_file() -> None:
    said = {
        way: parse(f'from = "a@b.example"\n[seeds]\nsecret = "{way}"').seeds.secret for way in ("file:pw", "env:PW")
    }
    assert said == {"file:pw": "file:/c/pw", "env:PW": "env:PW"}


def test_shares_that_leave_a_rest_are_parts() -> None:
    assert parse('from = "a@b.example"\n[audience]\nGmail = 0.4\nYahoo = 0.2').shares == {"Gmail": 0.4, "Yahoo": 0.2}


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}"])
def test_a_subject_has_the_spaces_of_its_language(space: str) -> None:
    found = parse(f'from = "a@b.example"\n[message]\ntext = "t"\nsubject = "Jusqu\'à 50{space}%"').message
    assert isinstance(found, Parts)
    assert found.subject == f"Jusqu'à 50{space}%"


def test_the_template_is_a_campaign_and_names_every_key() -> None:
    assert parse(TEMPLATE).name == "Spring sale"
    every = re.sub(r"^# (?=[\[a-z\"A-Z][^ ]* ?(?:=|\]))", "", TEMPLATE, flags=re.MULTILINE)
    with_parts = every.replace("external = true", "external = false").replace('message = "message.eml"', "", 1)
    found = parse(with_parts)
    assert found.delivery == "ada@example.com"
    assert isinstance(found.message, Parts)
    assert (found.message.author, found.message.attachments) == ("Spring Sale <news@example.com>", ("/c/offer.pdf",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not say whom the mail is from"),
        ('from = "news"', "'news' is no e-mail address"),
        ("from = 3", "the file, from: a text is expected"),
        ('from = "a@b.example"\nfrm = 1', "no key 'frm': did you mean from"),
        ('from = "a@b.example"\nkind = "spam"', "choose one of marketing, transactional"),
        ('from = "a@b.example"\npath = 1', r"write \[path\]"),
        ('from = "a@b.example"\n[path]\nsending_addresses = ["x"]', "'x' is no IP address"),
        ('from = "a@b.example"\n[path]\nsending_addresses = "11.0.0.1"', "a list of texts is expected"),
        ('from = "a@b.example"\n[seeds]\ninbox_rate = 80', "above 0 and up to 1 "),
        ('from = "a@b.example"\n[seeds]\nrelay = "x"\nexternal = true', "exclude each other"),
        ('from = "a@b.example"\n[seeds]\nexternal = "yes"', "true or false"),
        ('from = "a@b.example"\n[audience]\nGmail = -1', "is no share"),
        ('from = "a@b.example"\n[audience]\nGmail = 0', "all shares are 0"),
        ('from = "a@b.example"\n[audience]\nGmail = 0.8\nYahoo = 0.3', r"\[audience\]: the parts add up to 1.10"),
        ('from = "a@b.example"\n[audience]\nGmail = 0.8\nYahoo = 300', "stand side by side"),
        ('from = "a@b.example"\n[delivery]\nto = "ada"', r"\[delivery\] to: 'ada' is no e-mail address"),
        ('from = "a@b.example"\n[path]\nhelo = "a b"', r"\[path\] helo: "),
        ('from = "a@b.example"\n[path]\nhelo = 3', r"\[path\], helo: a text is expected"),
        ('from = "a@b.example"\n[seeds]\nrelay = "smtp.b.example:99999"', r"\[seeds\] relay: .* from 1 to 65535"),
        ('from = "a@b.example"\n[seeds]\nrelay = "my relay"', r"\[seeds\] relay: 'my relay'"),
        ('from = "a@b.example"\n[seeds]\nrelay = "x"\nuser = "u"', "say where the password of u is"),
        ('from = "a@b.example"\n[seeds]\nuser = "u"\nsecret = "env:P"', "user signs in at a relay"),
        ('from = "a@b.example"\n[seeds]\nexternal = true\ncontrol = true', "does not go with external"),
        ('from = "a@b.example"\n[seeds]\ninbox_rate = "70 %"', "as in inbox_rate = 0.7"),
        ('from = "a@b.example"\n[[waivers]]\ncheck = "no-mta-sts"', "say why"),
        ('from = "a@b.example', "spring.toml: "),
        ('from = "a@b.example"\nmessage = 3', r"a file, as in message = .* or a table: write \[message\]"),
        ('from = "a@b.example"\nmessage = "m.eml"\n[message]\ntext = "t"', "exclude each other"),
        ('from = "a@b.example"\n[message]\nsubject = "s"', "nothing to read in it: write text ="),
        ('from = "a@b.example"\n[message]\ntext = "t"', "no subject: write subject ="),
        ('from = "a@b.example"\n[message]\nfile = "m.eml"', "for a whole message write message ="),
        ('from = "a@b.example"\n[message]\ntxt = "m"', "no key 'txt': did you mean text"),
        ('from = "a@b.example"\n[message]\nsubject = 1\ntext = "t"', "subject: a text is expected"),
        ('from = "a@b.example"\n[message]\ntext = "a\\nb"', "text: it has a line break"),
        ('from = "a@b.example"\n[message]\nsubject = "s"\ntext = "t"\nheaders = "X: y"', "headers: a list of texts"),
        ('from = "a@b.example"\n[message]\nsubject = "s"\ntext = "t"\nheaders = ["X"]', "'X' is no header"),
        (
            'from = "a@b.example"\n[message]\nsubject = "s"\ntext = "t"\nheaders = ["To: a@b.example"]',
            "To cannot be given",
        ),
        (
            'from = "a@b.example"\n[message]\nsubject = "s"\ntext = "t"\nheaders = ["From: c@b.example"]',
            "from a@b.example, and its From header says c@b.example",
        ),
        ('from = "a@b.example"\n[message]\nsubject = "s"\ntext = "t"\nattach = [""]', "attach: a list of texts"),
    ],
)
def test_what_cannot_be_used_is_told(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as error:
        parse(text)
    assert str(error.value).startswith("/c/spring.toml: ")


@given(st.text())
def test_any_text_is_a_campaign_or_told(text: str) -> None:
    with suppress(UsageError):
        parse(text)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="preflight init writes one"):
        read_campaign(tmp_path / "none.toml")
    (tmp_path / "c.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="no text in UTF-8"):
        read_campaign(tmp_path / "c.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        read_campaign(tmp_path)
