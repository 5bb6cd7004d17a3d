"""What a script asks of a host that the host does not offer, so that no option and no line can bring it about."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.misfits import expectation_of
from deliverkit.checks.smtp.wording import bounded
from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import AUTH_FIRST, SMTPUTF8_FIRST, TO_STARTTLS, Unmet
from deliverkit.script.filling import BEARER, BY_PASSWORD
from deliverkit.script.matching import has_code, has_enhanced, has_text
from deliverkit.script.patterns import Pattern
from deliverkit.script.syntax import Template
from deliverkit.standards.smtp.dialogue import Exchange
from deliverkit.standards.smtp.extensions import Extension, looked_for
from deliverkit.standards.smtp.reply import Reply

# RFC 6409 §3.1, RFC 8314 §3.3
SIGNING_IN = "sign in where the host is for submission, at port 587 or 465, or have it offer that"
_HELLOS = frozenset({"EHLO", "LHLO"})
_NOT_KNOWN = frozenset({500, 502, 503, 504})  # of a mechanism, or of AUTH: RFC 4954 §4, RFC 5321 §4.2.4
# The variable of the shipped scripts by which an extension is asked for, and what is done without it.
_WITHOUT = {
    "CHUNKING": ("chunked", "leave --chunking out"),
    "DSN": ("dsn", "leave --dsn out"),
    "PIPELINING": ("pipelining", "leave --pipelining out"),
    "STARTTLS": ("require_tls", "leave --tls starttls out"),
    "8BITMIME": ("eight_bit", "encode the message as quoted-printable or base64"),  # RFC 6152 §3
    "SMTPUTF8": ("utf8", "write addresses and headers within ASCII"),  # RFC 6531 §3.1
}


class Lack(Frozen):
    """An extension that the host does not offer. ``offered``: its keywords, ``without``: what is done without it.

    ``without`` is empty where the script asks for it by itself, in a line that stands there to test the host.
    """

    extension: Extension
    offered: tuple[str, ...]
    without: str = ""

    @property
    def does(self) -> str:
        """``does not offer CHUNKING``."""
        return f"does not offer {self.extension}"

    @property
    def shows(self) -> str:
        """What it offers, as evidence."""
        return bounded(f"offers {', '.join(self.offered)}") if self.offered else "offers no extension"


def lack_behind(one: Conversation, unmet: Unmet, reply: Exchange | None) -> Lack | None:
    """What the host does not offer, where the expectation was not met for that; None: it came otherwise.

    ``reply`` is what came in its place.
    """
    hello, extension = next(_looked_for(one, unmet, reply), (None, None))
    if hello is None or extension is None:
        return None
    offered = tuple(f"{word} {value}".rstrip() for word, value in hello.reply.extensions.items())
    return Lack(extension, offered, _without(one, extension, offered))


def _looked_for(one: Conversation, unmet: Unmet, reply: Exchange | None) -> Iterator[tuple[Exchange, Extension]]:
    """The answers to EHLO in which an extension was looked for that they do not name, with it."""
    if unmet.wanted == SMTPUTF8_FIRST:
        yield from _missing(_hello(one), Extension("SMTPUTF8"))
    elif AUTH_FIRST in unmet.wanted:
        hello = _hello(one)
        has_any = hello is not None and "AUTH" in hello.reply.extensions
        words = unmet.wanted.partition(AUTH_FIRST)[0].split(maxsplit=1)
        yield from _missing(hello, Extension(*words) if has_any else Extension("AUTH"))
    elif reply is None:
        return
    elif unmet.wanted == TO_STARTTLS and reply.reply.severity > 3:
        yield from _missing(_hello(one), Extension("STARTTLS"))
    elif reply.verb == "AUTH" and reply.reply.code in _NOT_KNOWN:
        words = reply.command.decode("ascii", "replace").upper().split()
        yield from _missing(_hello(one), Extension("AUTH", *words[1:2]))
    elif reply.verb in _HELLOS:
        for extension in _in_texts(unmet.wanted, reply.reply):
            yield from _missing(reply, extension)


def _hello(one: Conversation) -> Exchange | None:
    return one.after("LHLO") or one.after("EHLO")


def _missing(hello: Exchange | None, wanted: Extension) -> Iterator[tuple[Exchange, Extension]]:
    """The extension, where the host did not name it, in an answer that can be read."""
    if hello is None or hello.reply.defects or hello.reply.severity != 2:
        return
    named = hello.reply.extensions.get(wanted.keyword)
    if named is None or (wanted.parameter and wanted.parameter not in named.upper().split()):
        yield hello, wanted


def _in_texts(wanted: str, reply: Reply) -> Iterator[Extension]:
    """The extensions for which the expectation looks, where the answer is all else that it wants."""
    expected = expectation_of(wanted)
    if expected is None or not (has_code(reply.code, expected.codes) and has_enhanced(reply, expected.enhanced)):
        return
    for text in expected.texts:
        plain = _plain(text)
        extension = looked_for(plain)
        if extension and not has_text(reply, text if isinstance(text, Pattern) else plain):
            yield extension


def _plain(text: Pattern | Template) -> str:
    return text.text if isinstance(text, Pattern) else text.plain or ""


def _by_another(offered: tuple[str, ...]) -> str:
    """How to sign in by what is offered and known here; empty: nothing of it is."""
    mechanisms = next((word.upper().split()[1:] for word in offered if word.startswith("AUTH ")), [])
    known = [one for one in mechanisms if one in BY_PASSWORD or one in BEARER]
    tokens = "" if {*known} & {*BY_PASSWORD} else ", with the secret token"
    return f"choose one that it offers: --auth {' or '.join(known).lower()}{tokens}" if known else ""


def _without(one: Conversation, extension: Extension, offered: tuple[str, ...]) -> str:
    """What is done without it, where an option or the message asked for it; empty: the script did by itself."""
    script = one.transcript.call.script
    if extension.keyword == "AUTH":
        is_open = any(way in script for way in ("auth offered", "auth {mechanism}"))
        return (_by_another(offered) or SIGNING_IN) if is_open else ""
    variable, words = _WITHOUT.get(extension.keyword, ("", ""))
    return words if variable and f"given {variable} = " in script and f"set {variable}" in script else ""
