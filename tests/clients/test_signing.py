"""DKIM signatures: dkimpy verifies them, and whatever changes what was signed breaks them."""

from __future__ import annotations

import dkim
import pytest

from deliverkit.clients.signing import Signer, sign
from deliverkit.errors import UsageError
from deliverkit.standards.composing import Attachment, Draft, compose
from deliverkit.standards.dkim.private_key import new_private_key, parse_private_key

DRAFT = Draft(
    "ada@a.example", ("b@b.example",), "Wed, 25 Nov 2026 09:00:00 +0000", "1@a.example", "Grüße  an\talle",
    "Text \n\n\n",
    headers=(("List-Unsubscribe", "<https://a.example/u>"), ("Reply-To", "r@a.example")),
    attachments=(Attachment("a.bin", bytes(range(256))),),
)  # fmt: skip
KEYS = ("rsa", "ed25519")


def signed(kind: str, message: bytes, domain: str = "") -> tuple[bytes, bytes]:
    """The message signed with a new key, and the key's record."""
    pem, record = new_private_key(kind)
    return sign(message, Signer(parse_private_key(pem, name="key"), "s1", domain)), record.encode()


def verifies(message: bytes, record: bytes) -> bool:
    asked: list[bytes] = []

    def answer(name: bytes, timeout: int = 5) -> bytes:  # noqa: ARG001 - as dkimpy calls it
        asked.append(name)
        return record

    result = dkim.verify(message, dnsfunc=answer)
    assert asked == [b"s1._domainkey.a.example."]
    return bool(result)


@pytest.mark.parametrize("kind", KEYS)
def test_dkimpy_verifies_it(kind: str) -> None:
    message, record = signed(kind, compose(DRAFT))
    assert message.startswith(
        b"DKIM-Signature: v=1; a=" + kind.encode() + b"-sha256; c=relaxed/relaxed; d=a.example; s=s1;"
    )
    assert all(len(line) <= 80 for line in message.partition(b"Date:")[0].split(b"\r\n"))
    assert verifies(message, record)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Date: Wed, 25", b"Date: Wed, 26"),
        (b"Reply-To: r@", b"Reply-To: x@"),
        (b"Text", b"Tex"),
        (b"From: ada@a.example", b"From: eve@a.example\r\nFrom: ada@a.example"),
        (b"Date: ", b"Subject: another\r\nDate: "),
    ],
)
def test_what_was_signed_cannot_be_changed(kind: str, before: bytes, after: bytes) -> None:
    message, record = signed(kind, compose(DRAFT))
    changed = message.replace(before, after, 1)
    assert changed != message
    assert not verifies(changed, record)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    ("before", "after"), [(b"Date: Wed", b"Received: by b.example\r\nDate:   Wed"), (b"From:", b"FROM:")]
)
def test_what_relays_do_does_not_break_it(kind: str, before: bytes, after: bytes) -> None:
    message, record = signed(kind, compose(DRAFT))
    assert verifies(message.replace(before, after, 1), record)


@pytest.mark.parametrize("body", [b"", b"\r\n", b"a", b"a\n\n\n", b".\r\n..\r\n", "Straße\n".encode()])
def test_any_body(body: bytes) -> None:
    message, record = signed("rsa", b"From: ada@a.example\nReceived: x\nReceived: y\n\n" + body)
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert verifies(message, record)


def test_another_domain_than_the_authors() -> None:
    message, _ = signed("ed25519", compose(DRAFT), "b.example")
    assert b" d=b.example;" in message


@pytest.mark.parametrize("message", [b"Subject: x\r\n\r\ntext\r\n", b"no header\r\n"])
def test_without_an_author_nothing_is_signed(message: bytes) -> None:
    with pytest.raises(UsageError, match="cannot be signed"):
        signed("rsa", message)
