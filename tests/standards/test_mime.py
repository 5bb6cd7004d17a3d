"""Messages as octets: header fields, and the parts of a body, beside the standard library's reading."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.composing import Attachment, Draft, compose
from deliverkit.standards.header import HeaderField, split_message
from deliverkit.standards.mime import parse_entity, parse_media_type


def test_fields_are_unfolded_and_what_is_none_is_left_out() -> None:
    octets = b"From mbox line\nA: one\n  two \r\nB : three\r\nno field\r\n: none\r\nC:gr\xc3\xbc\xff\r\n\r\nD: body\r\n"
    found = split_message(octets)
    assert found.fields == (
        HeaderField("A", "one  two", b"A: one\n  two \r\n", 2),
        HeaderField("B", "three", b"B : three\r\n", 4),
        HeaderField("C", "grü\ufffd", b"C:gr\xc3\xbc\xff\r\n", 7),
    )
    assert found.broken_at == 1
    assert found.body == b"D: body\r\n"
    assert (found.get("a"), found.get("x")) == ("one  two", "")


@pytest.mark.parametrize(
    ("octets", "names", "body"),
    [
        (b"", [], b""),
        (b"\r\nA: b", [], b"A: b"),
        (b"\nA: b", [], b"A: b"),
        (b"A: b", ["A"], b""),
        (b"A: b\n\n", ["A"], b""),
    ],
)
def test_where_the_header_ends(octets: bytes, names: list[str], body: bytes) -> None:
    found = split_message(octets)
    assert ([field.name for field in found.fields], found.body) == (names, body)


@given(st.binary(max_size=200) | st.text("ab: \r\n\t-=;\"'", max_size=80).map(str.encode))
def test_any_octets_are_read(octets: bytes) -> None:
    found = split_message(octets)
    assert found.body == b"" or octets.endswith(found.body)
    assert all(field.name and "\n" not in field.body for field in found.fields)
    assert isinstance(parse_entity(octets).content, bytes)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60), st.binary(max_size=300))
def test_a_composed_message_is_read_as_it_was_made(text: str, octets: bytes) -> None:
    draft = Draft("a@a.example", ("b@b.example",), "Wed, 25 Nov 2026 09:00:00 +0000", "1@a.example")
    files = (Attachment("a;b.bin", octets),)
    message = compose(Draft(draft.sender, draft.recipients, draft.date, draft.message_id, "s", text, attachments=files))
    found = parse_entity(message)
    theirs = message_from_bytes(message, policy=policy.default)
    assert isinstance(theirs, EmailMessage)
    assert [field.name for field in found.fields] == theirs.keys()
    assert [part.media_type for part in found.parts] == ["text/plain", "application/octet-stream"]
    assert found.parts[1].content == octets
    (body, _) = theirs.iter_parts()
    assert found.parts[0].content.decode().split() == body.get_content().split()


@pytest.mark.parametrize(
    ("text", "media_type", "parameters"),
    [
        ('Text/HTML; charset="utf-8"; x=y', "text/html", {"charset": "utf-8", "x": "y"}),
        ('multipart/mixed; (a;b) boundary="a;\\"b" ; BOUNDARY=c', "multipart/mixed", {"boundary": 'a;"b'}),
        ("nonsense; a=b", "text/plain", {"a": "b"}),
        ("", "text/plain", {}),
    ],
)
def test_a_media_type(text: str, media_type: str, parameters: dict[str, str]) -> None:
    assert parse_media_type(text) == (media_type, parameters)


def test_boundaries_stand_at_the_beginning_of_a_line_and_close_once() -> None:
    octets = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b \t\r\n\r\none --b\r\n--bc\r\n--b\r\nA: x\r\n\r\ntwo\r\n--b--\r\n--b\r\n\r\nepilogue"
    )
    assert [(part.fields, part.encoded) for part in parse_entity(octets).parts] == [
        ((), b"one --b\r\n--bc"),
        ((HeaderField("A", "x", b"A: x\r\n", 1),), b"two"),
    ]
    assert [part.encoded for part in parse_entity(octets.partition(b"\r\n--b--")[0]).parts] == [
        b"one --b\r\n--bc",
        b"two",
    ]
    assert parse_entity(octets.replace(b"boundary=b", b"")).parts == ()


@pytest.mark.parametrize(
    ("encoding", "encoded", "content"),
    [
        ("base64", b"aGk=", b"hi"),
        ("BASE64", b"a", b"a"),
        ("quoted-printable", b"a=3D=\nb", b"a=b"),
        ("7bit", b"a=3D", b"a=3D"),
    ],
)
def test_a_transfer_encoding(encoding: str, encoded: bytes, content: bytes) -> None:
    assert parse_entity(f"Content-Transfer-Encoding: {encoding}\n\n".encode() + encoded).content == content


@pytest.mark.parametrize(
    "name", ["a.pdf", "nabídka.pdf", "x" * 100, "ž" * 90, "it's é 100%.pdf", 'q"uote\\.pdf', "a;b (c).pdf"]
)
def test_an_attachment_has_the_name_that_it_was_given(name: str) -> None:
    (_, attached) = parse_entity(compose(Draft("a@b.example", text="x\n", attachments=(Attachment(name, b"1"),)))).parts
    assert attached.file_name == name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment", ""),
        ("attachment; filename*=iso-8859-1'en'%A3.pdf", "£.pdf"),
        ("attachment; filename*0*=utf-8''%C3; filename*1*=%A9; filename*2=%41", "é%41"),
        ("attachment; filename*0=a; filename*1=b", "ab"),
        ("attachment; filename*=no-such''%C3%A9", "é"),
        ("attachment; filename*=\0''a", "a"),
        ("attachment; filename*=x", ""),
    ],
)
def test_a_name_in_pieces_or_in_another_charset_is_read(disposition: str, name: str) -> None:
    assert parse_entity(f"Content-Disposition: {disposition}\r\n\r\n".encode()).file_name == name
