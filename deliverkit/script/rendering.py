"""Templates with their values: the octets that go out, and what a transcript may show of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from deliverkit.classes import Frozen
from deliverkit.regexes import regex
from deliverkit.script.syntax import Secret, Template, Variable
from deliverkit.tuples import NamedTuple

SHORTEST = 4  # octets of a secret that is looked for in what a host says
PIECE = 8  # octets of a secret in base64 or hex that are looked for there
MOST_IN_PIECES = 4_096  # octets of a secret of which pieces are
_PUBLIC = b"auth=Bearer "  # of what is sent with a token: RFC 7628 §3.1
_ENCODED = regex(rb"[A-Za-z0-9+/]{%d,}" % PIECE)


class MissingError(Exception):
    """A value that a template needs and nobody gave; the text names it. It never leaves the conversation."""


class Rendered(NamedTuple):
    """``octets`` as they go out; ``shown``: with a token in the place of each secret.

    ``breaking``: the variables and secrets whose value holds CR or LF.
    """

    octets: bytes
    shown: bytes
    breaking: tuple[str, ...]

    def with_end(self, end: bytes) -> Rendered:
        """With more octets at its end."""
        octets = self.octets + end
        return Rendered(octets, octets if self.shown is self.octets else self.shown + end, self.breaking)


class Values(Frozen):
    """What templates are filled from. ``secret`` gives a secret, or None."""

    variables: Mapping[str, str]
    secret: Callable[[str], str | None]

    def variable(self, name: str) -> str:
        """The variable's value."""
        if name not in self.variables:
            raise MissingError(f"{{{name}}}")
        return self.variables[name]

    def find_secret(self, name: str) -> str:
        """The secret's value."""
        found = self.secret(name)
        if found is None:
            raise MissingError(f"{{secret:{name}}}")
        return found

    def render(self, template: Template) -> Rendered:
        """The template with its values."""
        if not any([isinstance(part, Secret) for part in template.parts]):  # noqa: C419 - a list of few is made faster
            octets = _octets(self.text(template))
            if b"\r" not in octets and b"\n" not in octets:
                return Rendered(octets, octets, ())
        octets, shown, breaking = b"", b"", []
        for part in template.parts:
            filled, seen = self._part(part)
            octets, shown = octets + filled, shown + seen
            if not isinstance(part, str) and (b"\r" in filled or b"\n" in filled):
                breaking.append(part.name)
        return Rendered(octets, shown, tuple(breaking))

    def text(self, template: Template) -> str:
        """The template as text; the parser lets no secret stand where text is made."""
        return "".join([part if isinstance(part, str) else self.variable(part.name) for part in template.parts])

    def _part(self, part: str | Variable | Secret) -> tuple[bytes, bytes]:
        if isinstance(part, Secret):
            return _octets(self.find_secret(part.name)), token(part.name)
        octets = _octets(part if isinstance(part, str) else self.variable(part.name))
        return octets, octets


def token(name: str) -> bytes:
    """What stands in a transcript where a secret was sent."""
    return f"<secret:{name}>".encode()


def conceal(octets: bytes, hidden: Mapping[bytes, bytes]) -> bytes:
    """The octets without the secrets, for hosts say back what they do not understand. Very short ones stay."""
    for secret in sorted(hidden, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            octets = octets.replace(secret, hidden[secret])
    return octets


class SaidBack:
    """Takes secrets out of what a host says, and pieces of them in base64 and hex: hosts cut what they say back."""

    def __init__(self, hidden: Mapping[bytes, bytes]) -> None:
        self._hidden = hidden

    @cached_property
    def _pieces(self) -> dict[bytes, bytes]:
        """Every piece of the shortest length, of each form of each secret, and what is shown in its place."""
        public = set(_pieces_of(_PUBLIC))
        return {
            piece: shown
            for secret, shown in self._hidden.items()
            for piece in _pieces_of(secret[:MOST_IN_PIECES])
            if piece not in public
        }

    def conceal(self, octets: bytes) -> bytes:
        """The octets without any of it; the time for it grows with the octets alone."""
        return _ENCODED.sub(self._without_pieces, conceal(octets, self._hidden)) if self._hidden else octets

    def conceal_text(self, text: str) -> str:
        """The text without any of it."""
        return self.conceal(_octets(text)).decode("utf-8", "surrogateescape")

    def _without_pieces(self, found: re.Match[bytes]) -> bytes:
        """A run of signs of which encoded octets consist, a token in the place of each piece, however long that is."""
        run, told, kept, at = found[0], b"", 0, 0
        while at <= len(run) - PIECE:
            shown = self._pieces.get(run[at : at + PIECE])
            if shown is None:
                at += 1
                continue
            end = at + PIECE
            while run[end - PIECE + 1 : end + 1] in self._pieces and end < len(run):
                end += 1
            told, kept, at = told + run[kept:at] + shown, end, end
        return told + run[kept:]


def _pieces_of(secret: bytes) -> Iterator[bytes]:
    for form in _forms(secret):
        yield from (form[at : at + PIECE] for at in range(len(form) - PIECE + 1))


def _forms(secret: bytes) -> tuple[bytes, ...]:
    """The secret in hex, and in base64 wherever in a longer text it begins; without what depends on its neighbours."""
    from base64 import b64encode  # few conversations have a secret

    shifted = (b64encode(bytes(shift) + secret).rstrip(b"=") for shift in range(3))
    ends = (len(secret) * 8 + shift * 8 for shift in range(3))
    inner = (form[(0, 2, 3)[shift] : end // 6] for shift, (form, end) in enumerate(zip(shifted, ends, strict=True)))
    plain = secret.hex().encode()
    return (*inner, plain, plain.upper())


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
