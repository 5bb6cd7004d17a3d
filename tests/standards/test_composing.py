"""Messages as they are composed: read again by the standard library, and what cannot stand in one."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.standards.composing import (
    Attachment,
    Draft,
    compose,
    domain_of_author,
    fill_message,
    parse_header,
)
from deliverkit.standards.message import parse_message

NO_CONTROLS = dict.fromkeys([*range(32), 127])
DRAFT = Draft(
    "ada@a.example", ("b@b.example", "c@c.example"), "Wed, 25 Nov 2026 09:00:00 +0000", "1@a.example", "Hi", "text\n"
)


def read(octets: bytes) -> EmailMessage:
    found = message_from_bytes(octets, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_headers_that_a_message_needs() -> None:
    found = read(compose(DRAFT))
    assert found["From"] == "ada@a.example"
    assert found["To"] == "b@b.example, c@c.example"
    assert found["Message-ID"] == "<1@a.example>"
    assert found["Date"] == "Wed, 25 Nov 2026 09:00:00 +0000"
    assert found["Subject"] == "Hi"


def test_lines_end_with_crlf_and_everything_is_ascii() -> None:
    octets = compose(replace(DRAFT, subject="Grüße", text="Straße " * 300 + "\n.\n", html="<p>Straße</p>"))
    assert octets.isascii()
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    found = read(octets)
    assert found["Subject"] == "Grüße"
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Straße " * 300, "."]
    assert html.get_content().strip() == "<p>Straße</p>"


def test_attachments_come_back_as_they_were() -> None:
    octets = bytes(range(256)) * 40
    (found,) = read(
        compose(replace(DRAFT, attachments=(Attachment("ä b.pdf", octets, "application/pdf"),)))
    ).iter_attachments()
    assert (found.get_filename(), found.get_content_type(), found.get_content()) == (
        "ä b.pdf",
        "application/pdf",
        octets,
    )


def test_the_same_draft_is_the_same_message() -> None:
    draft = replace(DRAFT, html="<p>Hi</p>", attachments=(Attachment("a.pdf", b"x"),))
    assert compose(draft) == compose(draft)
    others = [replace(draft, html="<p>Ho</p>"), replace(draft, attachments=(Attachment("a.pdf", b"y"),))]
    assert len({found[found.index(b"boundary=") :][:60] for found in map(compose, [draft, *others])}) == 3


def test_no_boundary_stands_in_what_it_parts() -> None:
    octets = compose(replace(DRAFT, text="--=_\n" * 9 + "-" * 70 + "\n", html="<p>--=_</p>"))
    assert [part.get_content_type() for part in read(octets).walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert octets.count(b"\r\nMIME-Version:") == 1


def test_the_text_comes_first_then_the_html_then_what_is_attached() -> None:
    draft = replace(DRAFT, html="<p>Hi</p>", attachments=(Attachment("a.txt", "ü".encode(), "text/plain"),))
    parts = list(read(compose(draft)).walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain",
    ]  # fmt: skip
    assert (parts[-1].get_content(), parts[-1]["Content-Disposition"]) == ("ü", 'attachment; filename="a.txt"')


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


@given(TEXTS, TEXTS, st.lists(st.binary(max_size=200), max_size=2), TEXTS)
def test_whatever_it_is_made_of_has_no_flaw(text: str, html: str, files: list[bytes], name: str) -> None:
    attachments = tuple(Attachment(name.translate(NO_CONTROLS) or "a", octets) for octets in files)
    octets = compose(replace(DRAFT, text=text, html=html, attachments=attachments))
    found = parse_message(octets)
    assert (found.broken_at, found.flaws) == (0, ())
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    assert not re.search(rb"[^\r]\n|\r[^\n]|[^\x00-\x7f]", octets)
    assert [part.content for part in found.parts if part.is_attachment] == files
    types = [part.media_type for part in found.parts if not part.is_attachment]
    assert types == (["text/plain", "text/html"] if text and html else ["text/html"] if html else ["text/plain"])


def test_html_stands_alone_where_there_is_no_text() -> None:
    found = read(compose(replace(DRAFT, text="", html="<p>Hi</p>\n")))
    assert (found.get_content_type(), found.get_content()) == ("text/html", "<p>Hi</p>\r\n")


def test_an_attached_message_is_not_encoded_against_the_rule() -> None:
    (found,) = read(
        compose(replace(DRAFT, attachments=(Attachment("m.eml", b"\xff", "message/rfc822"),)))
    ).iter_attachments()
    assert (found.get_content_type(), found.get_filename(), found.get_content()) == (
        "application/octet-stream", "m.eml", b"\xff",
    )  # fmt: skip


def test_what_each_copy_has_of_its_own_may_be_left_out() -> None:
    found = read(compose(Draft("a@b.example", subject="Hi", text="text\n")))
    assert (found["Date"], found["Message-ID"]) == (None, None)
    assert found["To"] == "undisclosed-recipients:;"


def test_octets_that_are_no_utf8_are_told() -> None:
    with pytest.raises(UsageError, match="the header Subject has an octet that is no UTF-8"):
        compose(replace(DRAFT, subject="a\udcff"))
    with pytest.raises(UsageError, match="the text of the message has octets in it that are no UTF-8"):
        compose(replace(DRAFT, text="a\udcff"))
    with pytest.raises(UsageError, match="the name of an attachment has an octet that is no UTF-8"):
        compose(replace(DRAFT, attachments=(Attachment("a\udcff", b"x"),)))


def test_a_header_takes_the_usual_ones_place_or_stands_beside() -> None:
    found = read(compose(replace(DRAFT, headers=(("from", "Ada <ada@a.example>"), ("X-A", "1"), ("X-A", "2")))))
    assert found.get_all("From") == ["Ada <ada@a.example>"]
    assert found.get_all("X-A") == ["1", "2"]


def test_an_address_beyond_ascii_makes_the_header_utf8() -> None:
    octets = compose(replace(DRAFT, recipients=("grüße@b.example",)))
    assert "To: grüße@b.example\r\n".encode() in octets


@pytest.mark.parametrize("value", ["a\r\nBcc: x@y.example", "a\nX: y", "a\rX: y", "a\0b", "a\x0bb"])
@pytest.mark.parametrize("where", ["Subject", "X-Any", "To"])
def test_a_line_break_in_a_header_is_refused(where: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"the header {where} has "):
        compose(replace(DRAFT, headers=((where, value),)))


def test_a_line_break_in_a_recipient_or_a_files_name_is_refused() -> None:
    with pytest.raises(UsageError, match="the header To has a line break"):
        compose(replace(DRAFT, recipients=("b@b.example\r\nBcc: x@y.example",)))
    with pytest.raises(UsageError, match="the name of an attachment has a line break"):
        compose(replace(DRAFT, attachments=(Attachment("a\r\nX: y", b"x"),)))


@given(st.text(max_size=60))
def test_no_subject_makes_another_header(text: str) -> None:
    try:
        octets = compose(replace(DRAFT, subject=text))
    except UsageError:
        return
    found = read(octets)
    assert set(found.keys()) == {
        "Date", "From", "To", "Subject", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert found.get_content() == "text\r\n"


@pytest.mark.parametrize("header", ["Content-Type", "MIME-Version"])
def test_what_follows_from_the_body_is_not_given(header: str) -> None:
    with pytest.raises(UsageError, match="follows from the body"):
        compose(replace(DRAFT, headers=((header, "x"),)))


def test_a_header_that_is_none() -> None:
    assert parse_header("X-A:  b: c ") == ("X-A", "b: c")
    for text in ("no colon", "sp ace: x", ": x", "ä: x"):
        with pytest.raises(UsageError):
            parse_header(text)
    with pytest.raises(UsageError, match="Message-ID"):
        compose(replace(DRAFT, headers=(("Message-ID", "<1@a>"), ("Message-ID", "<2@a>"))))


def test_a_template_is_filled() -> None:
    text = "From: {from}\r\nSubject: {{x}} {subject}\r\n\r\np {{ color: red }}\r\n{text}\r\n"
    filled = fill_message(text, {"from": "a@b.example", "subject": "Hi", "text": "one\ntwo"})
    assert filled == "From: a@b.example\r\nSubject: {x} Hi\r\n\r\np { color: red }\r\none\ntwo\r\n"


def test_a_template_wants_every_value_and_no_line_break_in_a_header() -> None:
    with pytest.raises(UsageError, match=r"line 3 needs a value for \{name\}"):
        fill_message("A: b\n\n{name}\n", {})
    with pytest.raises(UsageError, match=r"the value of \{a\}, in a header, has a line break"):
        fill_message("A: {a}\n\ntext\n", {"a": "x\nBcc: y"})


@pytest.mark.parametrize(
    ("header", "domain"),
    [(b"From: Ada <ada@A.example>", "a.example"), (b"From: undisclosed:;", ""), (b"To: a@b.example", "")],
)
def test_the_authors_domain(header: bytes, domain: str) -> None:
    assert domain_of_author(header + b"\r\n\r\ntext\r\n") == domain
