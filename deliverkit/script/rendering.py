"""Templates with their values: the octets that go out, and what a transcript may show of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deliverkit.classes import Frozen
from deliverkit.script.syntax import Secret, Template, Variable
from deliverkit.tuples import NamedTuple

SHORTEST = 4  # octets of a secret that is looked for in what a host says


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


def conceal_text(text: str, hidden: Mapping[bytes, bytes]) -> str:
    """The text without the secrets."""
    return conceal(_octets(text), hidden).decode("utf-8", "surrogateescape")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
