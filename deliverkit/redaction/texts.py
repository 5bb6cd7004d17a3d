"""Record data and free text: what is known to be public stays, the rest turns to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deliverkit.redaction.addresses import Addresses, parse_plain
from deliverkit.redaction.keys import Keys
from deliverkit.redaction.names import Names
from deliverkit.redaction.tokens import Tokens
from deliverkit.regexes import regex
from deliverkit.standards.dkim.key_record import parse_key_record
from deliverkit.standards.mta_sts.record import looks_like_sts
from deliverkit.standards.names import is_host_name
from deliverkit.standards.tlsrpt import looks_like_tlsrpt

# Where names stand in master-file data (RFC 1035 §3.3, RFC 2782, RFC 6672).
_NAMES_AT = {"CNAME": {0}, "DNAME": {0}, "NS": {0}, "PTR": {0}, "MX": {1}, "SOA": {0, 1}, "SRV": {3}}
_DIGEST = 3  # its place in a TLSA record (RFC 6698 §2.2)
_HEX = regex(r"[0-9a-fA-F]+")
_LINE = regex(r"([^:\n]*)(:[ \t]*|)(.*)")  # of a policy (RFC 8461 §3.2)
_POLICY_KEYS = {"version", "mode", "max_age"}
_SERIAL = 2  # its place in an SOA record (RFC 1035 §3.3.13)
_MAX_STRING = 255  # RFC 1035 §3.3
_STRING = regex(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)
_ESCAPED = regex(r"\\(\d{3}|.)", re.DOTALL)
_NUMBER = regex(r"\d{1,10}", re.ASCII)

# Words of SPF, DMARC, DKIM, TLS reporting, MTA-STS and BIMI records, of resolvers' addresses, and of what resolvers
# say of a failure (RFC 8914).
_PUBLIC = frozenset(
    """
    v spf1 spf2 pra all include a mx ptr ip4 ip6 exists redirect exp
    dmarc1 p sp np adkim aspf pct rua ruf fo rf ri psd t none quarantine reject r s d y n afrf mailto
    dkim1 k rsa ed25519 h sha1 sha256 g email tlsrptv1 stsv1 id enforce testing bimi1 l
    http https tls tlsrpt udp tcp ip in
    nxdomain nodata noerror servfail refused timeout dnssec dnskey ds rrsig nsec nsec3 soa ns txt aaaa cname
    bogus secure insecure indeterminate validation failure failed failing fail error errors signature signatures
    signed unsigned expired not yet valid invalid missing no key keys key-tag algorithm unsupported digest answer
    answers stale forged cached ready blocked censored filtered prohibited authority authoritative unreachable
    reachable network server servers nameserver nameservers resolver zone for from of the is was are at to with and
    or by on name names record records found does match matching check chain trust anchor delegation lame
    response query policy proof
    """.split()  # noqa: SIM905 - a list of words is read as words
)

_TEXT = regex(
    r"""
      (?P<macro>%\{[slodiphcrtv]\d*r?[.+,/_=-]*\}|%[%_-])                # RFC 7208 §7.1
    | (?P<size>!\d{1,5}[kmgt]?(?!\w))                                  # RFC 7489 §6.4: behind an address for reports
    | (?P<mailbox>[^\s@;,:<>"=]{1,320})@                             # RFC 5321 §4.5.3.1, and some
    | (?P<address>\d+(?:\.\d+){3}(?![\w-]|\.\w)
                | (?=[0-9a-f]+:[0-9a-f]*:|::)[0-9a-f:.]{0,60}[0-9a-f:](?![\w:-]|\.\w))
      (?:/(?P<length>\d{1,3})(?!\w))?
    | (?P<name>[\w*-]{1,255}(?:\.[\w*-]{1,255})+\.?)
    | (?P<word>(?:[\w-]|[^\x00-\x7f])+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Texts:
    """A map of texts under a key; ``public`` are words that stay beside those of records."""

    def __init__(
        self, tokens: Tokens, addresses: Addresses, names: Names, public: frozenset[str] = frozenset()
    ) -> None:
        self._public = _PUBLIC | public
        self._tokens = tokens
        self._addresses = addresses
        self._names = names
        self._keys = Keys(tokens.key)
        self._digests: dict[str, str] = {}

    def know_digests(self, digests: Iterable[tuple[str, str]]) -> None:
        """Digests of certificates that are known, each with that of the one that stands for it."""
        self._digests.update(digests)

    def data(self, rdtype: str, data: str) -> str:
        """The data of a record of that type, as master-file text."""
        if rdtype in {"A", "AAAA"}:
            address = parse_plain(data)
            return self._tokens.word(data) if address is None else str(self._addresses.redact(address))
        if rdtype in {"TXT", "SPF"}:
            return _format_strings(self._record(_parse_strings(data)))
        fields = re.split(r"(\s+)", data)
        return "".join(
            field if number % 2 else self._field(rdtype, number // 2, field) for number, field in enumerate(fields)
        )

    def _record(self, text: str) -> str:
        """The text of a TXT record; the key in a key record is replaced by one of its type and size."""
        record = parse_key_record(text)
        tag = record.tags.get("p") if record.is_meant else None
        if looks_like_sts(text) or looks_like_tlsrpt(text):
            return ";".join(self._transport_field(number, part) for number, part in enumerate(text.split(";")))
        if tag is None:
            return self.text(text)
        before, after = text[: tag.value_span.start], text[tag.value_span.end :]
        return f"{self.text(before)}{self._keys.redact(tag.value)}{self.text(after)}"

    def _transport_field(self, number: int, part: str) -> str:
        """A field of an MTA-STS or TLS-RPT record: what is no address keeps its length."""
        name, equals, value = part.partition("=")
        if number == 0 or name.strip() == "rua":
            return self.text(part)
        return f"{name}{equals}{self._tokens.like(value)}" if name.strip() == "id" else self._tokens.like(part)

    def policy(self, text: str) -> str:
        """The text of an MTA-STS policy, line by line; of another file nothing stays."""
        return _LINE.sub(self._policy_line, text)

    def _policy_line(self, found: re.Match[str]) -> str:
        key, between, value = found[1], found[2], found[3]
        if key == "mx" and is_host_name(value.removeprefix("*.").lower()):
            return f"{key}{between}{self._names.redact(value)}"
        is_public = value.lower() in _PUBLIC or _NUMBER.fullmatch(value)
        shown = value if key in _POLICY_KEYS and is_public else self._tokens.like(value)
        return f"{key if key in {*_POLICY_KEYS, 'mx'} else self._tokens.like(key)}{between}{shown}"

    def _field(self, rdtype: str, place: int, field: str) -> str:
        if place in _NAMES_AT.get(rdtype, ()):
            return self._names.redact(field)
        if rdtype == "TLSA" and place >= _DIGEST and _HEX.fullmatch(field):
            return self._digests.get(field.lower()) or self._tokens.hexadecimal(field)
        if rdtype == "SOA" and place == _SERIAL:
            return self._tokens.number(field)
        return field if not field or _NUMBER.fullmatch(field) else self._tokens.word(field)

    def text(self, text: str) -> str:
        """The text with its punctuation, its numbers of up to five digits and its public words alone kept."""
        return _TEXT.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        if found["macro"] or found["size"]:
            return found[0]
        if found["mailbox"]:
            return f"{self._names.made_up(found['mailbox']) or self._tokens.word(found['mailbox'])}@"
        if found["address"]:
            return self._address(found)
        return self._names.redact(found["name"]) if found["name"] else self._word(found["word"])

    def _address(self, found: re.Match[str]) -> str:
        """The address, or what else has digits and colons or dots in such places."""
        address = parse_plain(found["address"])
        if address is None:
            return re.sub(r"[^:/]+", lambda part: self._word(part[0]), found[0])
        length = f"/{found['length']}" if found["length"] else ""
        return f"{self._addresses.redact(address)}{length}"

    def _word(self, word: str) -> str:
        is_public = word.lower() in self._public or (word.isascii() and word.isdigit() and len(word) <= 5)
        bare = word.strip("-")  # an SPF qualifier, a dash
        if is_public or not bare:
            return word
        if bare.startswith("_"):  # a label between macros of SPF
            return word.replace(bare, self._names.below(bare))
        return word.replace(bare, bare if bare.lower() in self._public else self._tokens.word(bare))


def _parse_strings(data: str) -> str:
    """The character strings of a TXT record as one text (RFC 7208 §3.3)."""
    return "".join(_ESCAPED.sub(_unescape, found[1] or found[2] or "") for found in _STRING.finditer(data))


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1])) if found[1].isdigit() else found[1]


def _format_strings(text: str) -> str:
    """The text as character strings of a TXT record (RFC 1035 §5.1)."""
    parts = [text[start : start + _MAX_STRING] for start in range(0, len(text), _MAX_STRING)] or [""]
    return " ".join(f'"{"".join(map(_escape, part))}"' for part in parts)


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\{ord(character):03d}"
