"""Cipher suites, and what follows from their names."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.classes import Frozen
from deliverkit.standards.tls.registry import REGISTRY

VERSIONS = ("ssl3", "1.0", "1.1", "1.2", "1.3")
NUMBERS = {"ssl3": 0x0300, "1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304}
_OF_1_3 = 0x13  # the first octet of the suites of TLS 1.3 (RFC 8446 §B.4)
_AEAD = ("_GCM_", "_CCM", "_CHACHA20_")
_OF_1_2 = (*_AEAD, "_SHA256", "_SHA384")  # RFC 5246 §1.2, RFC 5288 §4, RFC 5289 §4
_EPHEMERAL = ("TLS_ECDHE_", "TLS_DHE_", "TLS_ECDH_anon_", "TLS_DH_anon_")
# What makes a suite weak, by what its name holds. RFC 9325 §4.1; RFC 6151 §2 on MD5.
_WEAK = {
    "_WITH_NULL_": "NULL",
    "_EXPORT_": "EXPORT",
    "_RC4_": "RC4",
    "_RC2_": "RC2",
    "_DES_": "DES",
    "_DES40_": "DES",
    "_3DES_": "3DES",
    "_MD5": "MD5",
}


class CipherSuite(Frozen):
    """A cipher suite of the registry."""

    number: int
    name: str

    @property
    def has_forward_secrecy(self) -> bool:
        """Whether who gets the server's key later cannot read what was said before."""
        return self.is_of_1_3 or self.name.startswith(_EPHEMERAL)

    @property
    def is_authenticated(self) -> bool:
        """Whether the server shows a certificate."""
        return "_anon_" not in self.name

    @property
    def is_aead(self) -> bool:
        """Whether encryption and authentication are one (RFC 5116)."""
        return any(word in self.name for word in _AEAD)

    @property
    def is_of_1_3(self) -> bool:
        """Whether it is for TLS 1.3, and no other version."""
        return self.number >> 8 == _OF_1_3

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What makes it weak, whoever is spoken to, each as its word in the name."""
        return tuple(dict.fromkeys(words for sign, words in _WEAK.items() if sign in self.name))

    def is_for(self, version: str) -> bool:
        """Whether it may be offered in that version."""
        if version == "1.3" or self.is_of_1_3:
            return version == "1.3" and self.is_of_1_3
        return version == "1.2" or not any(word in self.name for word in _OF_1_2)


SUITES = tuple(CipherSuite(int(line[:4], 16), line[5:]) for line in REGISTRY.split("\n") if line)
BY_NAME = {one.name: one for one in SUITES}
BY_NUMBER = {one.number: one for one in SUITES}


def suites_for(version: str) -> tuple[CipherSuite, ...]:
    """All that may be offered in that version."""
    return tuple(one for one in SUITES if one.is_for(version))


def chosen(version: str, names: Sequence[str], *, without: bool) -> tuple[CipherSuite, ...]:
    """The suites of these names, in this order; or those of the version but for these; without names, all of them."""
    if names and not without:
        return tuple(BY_NAME[name] for name in names)
    return tuple(one for one in suites_for(version) if one.name not in names)


def suite_name(number: int) -> str:
    """The suite's name; the number where it is none that is offered here."""
    return BY_NUMBER[number].name if number in BY_NUMBER else f"the suite 0x{number:04X}"


def version_name(version: str) -> str:
    """``TLS 1.2``, ``SSL 3.0``."""
    return "SSL 3.0" if version == "ssl3" else f"TLS {version}"
