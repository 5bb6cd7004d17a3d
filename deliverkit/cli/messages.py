"""The message that a conversation sends, as options make it: read, filled in or composed, and signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from deliverkit.classes import Frozen
from deliverkit.cli.composing import ended, read_attachments, read_body
from deliverkit.cli.files import read_octets, read_text
from deliverkit.cli.saying import Said
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import UTF8
from deliverkit.standards.names import parse_domain
from deliverkit.standards.smtp.commands import with_crlf

if TYPE_CHECKING:  # most conversations compose no message
    from deliverkit.clients.signing import Signer
    from deliverkit.standards.composing import Draft

_KEY_OCTETS = 64 * 1024
Values = tuple[str, ...]


class Around(Frozen):
    """What a message takes from the conversation: who sends, to whom, when, and the variables that were given."""

    sender: str
    recipients: tuple[str, ...]
    helo: str
    date: str
    message_id: str
    variables: Mapping[str, tuple[str, ...]]


def around(given: Mapping[str, Values], recipients: Values, usual: Mapping[str, Values]) -> Around:
    """The conversation for which a message is made: what is given of it, and what has a value without that."""
    sender = given.get("from", ("",))[0]
    return Around(sender, recipients, usual["helo"][0], usual["date"][0], usual["message_id"][0], given)


def meaning_of(message: bytes, *, name: str, chunked: bool) -> dict[str, Values]:
    """What the message, of that name in the script, means for the conversation."""
    header = message.partition(b"\r\n\r\n")[0]
    return {
        "chunked" if chunked else "message": (name,),
        "size": (str(len(message)),),
        **({} if message.isascii() else {"eight_bit": ("yes",)}),
        **({} if header.isascii() else {UTF8: ("yes",)}),  # RFC 6531 §3.1
    }


class Made(NamedTuple):
    """A message, its lines ended by CRLF, and what is to be said of it and of how it is signed; empty: nothing."""

    octets: bytes
    remark: str = ""


def message_of(said: Said, around: Around) -> Made:
    """The message, signed where that was asked for.

    Raises:
        UsageError: the options contradict each other, or a file cannot be used.
    """
    files = {"--message": said.message, "--template": said.template}
    ways = [*(option for option, name in files.items() if name is not None), *said.parts[:1]]
    if len(ways) > 1:
        raise UsageError(f"{ways[0]} is the whole message: leave {' and '.join(ways[1:])} out")
    name = said.template if said.message is None else said.message
    if name is None:
        from deliverkit.standards.composing import compose

        composed = with_crlf(compose(_draft(said, around)))
        return _signed(composed, said, *(_oddities(composed) if said.headers else ()))
    message = _filled(name, around) if said.message is None else read_octets(name)
    if not message.strip():
        raise UsageError(f"{ways[0]} {name}: there is nothing in it to send")
    return _signed(with_crlf(message), said, *_oddities(message))


def _oddities(message: bytes) -> Iterable[str]:
    from deliverkit.standards.smtp.given import oddities

    return oddities(message)


def _sender(around: Around) -> str:
    from deliverkit.standards.composing import NULL_SENDER

    return around.sender or f"{NULL_SENDER}@{around.helo}"


def _filled(name: str, around: Around) -> bytes:
    from deliverkit.standards.composing import fill_message

    values = {
        **{key: ", ".join(given) for key, given in around.variables.items()},
        "from": _sender(around),
        "to": ", ".join(around.recipients),
        "helo": around.helo,
        "date": around.date,
        "message_id": around.message_id,
    }
    template = read_text(name)
    try:
        return fill_message(template, values).encode()
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None


def _draft(said: Said, around: Around) -> Draft:
    from deliverkit.standards.composing import Draft, parse_header

    return Draft(
        sender=_sender(around),
        recipients=around.recipients,
        date=around.date,
        message_id=around.message_id,
        subject="A test message of deliverkit" if said.subject is None else said.subject,
        text="This message was sent to see whether mail arrives.\n" if said.body is None else _text(said.body),
        html="" if said.html is None else _html(said.html),
        headers=tuple(map(parse_header, said.headers)),
        attachments=read_attachments(said.attachments),
    )


def _text(given: str) -> str:
    """Text as it was given, or that of the file; a line's end after it, as every line has one."""
    if not given:
        return ""
    if given.startswith("@") and not given.startswith("@@"):
        return read_body(given[1:])
    return ended(given.removeprefix("@") if given.startswith("@@") else given)


def _html(given: str) -> str:
    text = _text(given)
    if not text.strip():
        raise UsageError("--html: there is nothing in it; leave it out for a message of text alone")
    return text


def _signed(message: bytes, said: Said, *remarks: str) -> Made:
    signer = signer_of(said.dkim_key, said.dkim_selector, said.dkim_domain)
    if signer is None:
        return Made(message, "; ".join(remarks))
    from deliverkit.clients.signing import sign

    return Made(sign(message, signer), "; ".join(filter(None, (*remarks, remark_on(signer)))))


def remark_on(signer: Signer) -> str:
    """What is to be said of the key, though it may sign; empty: nothing."""
    from deliverkit.standards.dkim.private_key import BITS, bits_of

    bits = bits_of(signer.key)  # RFC 8301 §3.2
    return f"the DKIM key has {bits} bits, {BITS} are advised" if 0 < bits < BITS else ""


def signer_of(key: str | None, selector: str | None, domain: str | None) -> Signer | None:
    """Who signs, by the options --dkim-key, --dkim-selector and --dkim-domain; None where none is given.

    Raises:
        UsageError: one is missing, or the key or selector is none.
    """
    if key is selector is domain is None:
        return None
    if not (key and selector):
        raise UsageError("a DKIM signature needs a key and its selector: --dkim-key FILE --dkim-selector S")
    from deliverkit.clients.signing import Signer
    from deliverkit.standards.dkim.private_key import FEWEST_BITS, bits_of, parse_private_key
    from deliverkit.standards.dkim.signature import parse_selector

    parsed = parse_selector(selector)
    if not parsed:
        raise UsageError(f"{selector!r} is no selector: letters, digits and hyphens, such as s2026")
    found = parse_private_key(read_octets(key)[:_KEY_OCTETS], name=key)
    if 0 < bits_of(found) < FEWEST_BITS:  # RFC 8301 §3.2
        raise UsageError(
            f"{key} has {bits_of(found)} bits, and no mail may be signed with fewer than {FEWEST_BITS} "
            "(RFC 8301 §3.2): deliverkit dkim new-key makes another"
        )
    return Signer(found, parsed, parse_domain(domain) if domain else "")
