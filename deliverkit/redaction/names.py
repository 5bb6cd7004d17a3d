"""Names that stand for others: a token for each label, and the labels that mean something to everybody as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from deliverkit.knowledge.dkim_selectors import customer_suffixes, dashed_selectors, known_selectors
from deliverkit.knowledge.providers import provider_suffixes
from deliverkit.knowledge.spf_services import service_suffixes
from deliverkit.observations import Answer
from deliverkit.probes.made_up import made_up_label
from deliverkit.redaction.addresses import Addresses
from deliverkit.redaction.tokens import Tokens
from deliverkit.regexes import regex
from deliverkit.standards.addresses import Address, has_generic_word, spelling_in, spellings
from deliverkit.standards.names import MAX_NAME, is_host_name, parse_address

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Labels that say what a name is for, and not whose it is; the underscored ones are those of RFC 8552's registry.
_TLSA = "_25._tcp."  # RFC 7672 §2.2.2: before a host that may have the form of an address
_PURPOSE = regex(
    r"\*|www|(?:mx|mail|smtp|relay|ns)\d{0,2}|imap|pop3?|in-addr|ip6|postmaster|webmail|autoconfig|autodiscover|mta-sts|default|dmarc"
    r"|_(?:dmarc|domainkey|spf|mta-sts|smtp|tls|report|bimi|tcp|udp|25|465|587|993|995|imaps?|pop3s?|submissions?)"
)
_RESERVED = {"example", "invalid", "localhost", "local", "onion", "test", "internal", "arpa"}  # RFC 6761 §6
_QUOTES = r'(?:\\?"|\\226\\128\\15[2-9])*'
_QUOTED = regex(rf"({_QUOTES})(.*?)({_QUOTES})")
_SEPARATED = regex(r"([-_]*)(.*?)([-_]*)")
_SPELT = regex("([\ue000-\uf8ff])")  # stands for an address while the labels around it are replaced
_LONGEST = 4 * MAX_NAME  # characters of a name of which every octet is escaped (RFC 1035 §5.1)
_OCTET = regex(r"0|[1-9]\d{0,2}", re.ASCII)
_NIBBLE = regex(r"[0-9a-f]", re.ASCII)
_LABELS_OF_ADDRESS = (4, 1)  # a dotted IPv4 address, an IPv6 address with colons


class Names:
    """A map of names under a key.

    Label by label, so that what lies within a zone lies within it still, and a doubled zone is doubled still.
    """

    def __init__(self, tokens: Tokens, addresses: Addresses, answers: Sequence[Answer]) -> None:
        self._tokens = tokens
        self._addresses = addresses
        self._made_up = {made_up_label(answer.name): answer.name for answer in answers}
        self._spelt = _addresses_of_reverse_names(answers)
        self._known: dict[str, str] = {}
        self._senders: tuple[Address, ...] = ()
        self._domains: tuple[str, ...] = ()

    def keep(self, known: Mapping[str, str]) -> None:
        """Take these for the names that stand for others."""
        self._known.update(known)

    def below(self, labels: str) -> str:
        """The labels that stand for these, which stand below a domain or before an ``@``."""
        return self.redact(f"{labels}._spf.domain.example").rpartition("._spf.")[0]

    def made_up(self, label: str) -> str:
        """The label that a probe would make up for the other name; empty: none made this one up."""
        subject = self._made_up.get(label)
        return "" if subject is None else made_up_label(self.redact(subject))

    def know(self, senders: Iterable[Address], domains: Iterable[str]) -> None:
        """Expect these addresses and domains within names, where the macros of SPF put them (RFC 7208 §7.2)."""
        self._senders = tuple(senders)
        self._domains = tuple(sorted(filter(None, domains), key=len, reverse=True))

    def redact(self, name: str) -> str:
        """The name that stands for this one; a final dot stays."""
        bare = name.removesuffix(".").lower()
        if not bare:
            return name
        if bare not in self._known:
            self._known[bare] = self._redact(bare) if len(bare) <= _LONGEST else self._tokens.word(bare)
        return self._known[bare] + ("." if name.endswith(".") else "")

    def _redact(self, name: str) -> str:
        address = parse_address(name)
        if address is not None:
            return self._like(name, address)
        about, report, target = name.partition("._report._dmarc.")  # RFC 9990 §4
        if report and about and target:
            return f"{self.redact(about)}{report}{self.redact(target)}"
        if name.startswith(_TLSA):
            return f"{_TLSA}{self.redact(name.removeprefix(_TLSA))}"
        first, _, rest = name.partition(".")
        made_up = self.made_up(first)
        if made_up:
            return f"{made_up}.{self.redact(rest)}"
        dashed = dashed_selectors(rest.removeprefix("_domainkey.")).get(first)
        if dashed is not None:
            place = self.redact(rest)
            shown = dashed_selectors(place.removeprefix("_domainkey."))
            selector = next(s for s in dashed.selectors if first.startswith(f"{s}-"))
            return f"{next(one for one in shown if one.startswith(f'{selector}-'))}.{place}"
        ways = (
            *(self._reverse, self._with_sender, self._with_spelt),
            *(self._with_address, self._with_domain, self._plain),
        )
        return next(redacted for way in ways if (redacted := way(name)))

    def _with_sender(self, name: str) -> str:
        """A name before which a macro of SPF, i or ir, has put a sender's address."""
        for address in self._senders:
            pairs = zip(_of_macros(address), _of_macros(self._addresses.redact(address)), strict=True)
            for text, instead in pairs:
                if name.startswith(f"{text}."):
                    return f"{instead}.{self.redact(name.removeprefix(f'{text}.'))}"
        return ""

    def _with_domain(self, name: str) -> str:
        """A name into which a macro of SPF has put a domain that is asked about: d, o or h, or s, a mailbox."""
        for domain in self._domains:
            for mark in ".@":
                before, found, after = f".{name}".partition(f"{mark}{domain}.")
                if found and after:
                    shown = f"{self.below(before[1:])}{mark}" if before else ""
                    return f"{shown}{self.redact(domain)}.{self.redact(after)}"
        return ""

    def _like(self, text: str, address: Address) -> str:
        """The address that stands for this one, in the same brackets."""
        before = re.match(r"\[?(?:ipv6:)?", text)
        assert before is not None
        return f"{before[0]}{self._addresses.redact(address)}{']' if text.endswith(']') else ''}"

    def _with_address(self, name: str) -> str:
        """A name that begins with an address, because a zone's name was appended to it."""
        labels = name.split(".")
        for number in _LABELS_OF_ADDRESS:
            text, rest = ".".join(labels[:number]), ".".join(labels[number:])
            address = parse_address(text)
            if address is not None and rest:
                return f"{self._like(text, address)}.{self.redact(rest)}"
        return ""

    def _with_spelt(self, name: str) -> str:
        """A reverse name that spells its address, as generic ones do."""
        replaced, spelt = name, {}
        for number, address in enumerate(self._spelt.get(name, ())):
            place = spelling_in(replaced, address)
            if place is not None:
                start, end, index = place
                mark = chr(0xE000 + number)
                spelt[mark] = list(spellings(self._addresses.redact(address)))[index]
                replaced = f"{replaced[:start]}{mark}{replaced[end:]}"
        redacted = self._plain(replaced) if spelt else ""
        for mark, spelling in spelt.items():
            redacted = redacted.replace(mark, spelling)
        return redacted

    def _reverse(self, name: str) -> str:
        """A name below in-addr.arpa or ip6.arpa, whole or in part (RFC 1035 §3.5, RFC 3596 §2.5)."""
        for suffix, pattern, most in ((".in-addr.arpa", _OCTET, 4), (".ip6.arpa", _NIBBLE, 32)):
            if name.endswith(suffix):
                labels = name.removesuffix(suffix).split(".")
                parts = _leading(reversed(labels), pattern, most)
                others = [self._label(label) for label in labels[: len(labels) - len(parts)]]
                redacted = self._network(parts, most)
                return ".".join([*others, *redacted[: len(parts)][::-1]]) + suffix
        return ""

    def _network(self, parts: Sequence[str], most: int) -> list[str]:
        """The parts of the address that stands for the one that begins with these."""
        filled = [*parts, *["0"] * (most - len(parts))]
        if most == 4:
            return str(self._addresses.redact(IPv4Address(".".join(filled)))).split(".")
        return list(self._addresses.redact(IPv6Address(int("".join(filled), 16))).exploded.replace(":", ""))

    def _plain(self, name: str) -> str:
        labels = name.split(".")
        public = public_labels(labels)
        own = len(labels) - public - 1  # the label that was registered
        kept = _provider_labels(labels) | set(range(own + 1, len(labels)))
        suffix = labels[own + 1 :]
        registered = {n for n in range(own) if labels[n : n + public + 1] == labels[own:]}  # in a doubled zone
        for start in range(own) if public else ():
            if labels[start : start + public] == suffix:
                kept |= set(range(start, start + public))
        kept |= {n for n in range(own) if n not in registered and _PURPOSE.fullmatch(labels[n])}
        if labels[own].startswith("_") and _PURPOSE.fullmatch(labels[own]):  # before a public suffix itself
            kept.add(own)
        kept |= {n for n in range(own) if labels[n + 1] == "_domainkey" and labels[n] in known_selectors()}
        redacted = ".".join(label if n in kept else self._label(label) for n, label in enumerate(labels))
        if len(redacted) <= MAX_NAME or len(name) > MAX_NAME:
            return redacted
        return ".".join(label if n in kept else self._short(label) for n, label in enumerate(labels))

    def _label(self, label: str) -> str:
        """A token that is as much of a host's label, and as generic, as this one."""
        if _SPELT.search(label):
            return "".join(self._beside_address(part) for part in _SPELT.split(label))
        quoted = _QUOTED.fullmatch(label)
        if quoted and (quoted[1] or quoted[3]):
            return f"{quoted[1]}{self._label(quoted[2]) if quoted[2] else ''}{quoted[3]}"
        token = f"{'pool-' if has_generic_word(label) else ''}{self._tokens.word(label)}"
        return token if is_host_name(label) else f"_{token}"

    def _short(self, label: str) -> str:
        """A token no longer than the label, for a name of many short ones."""
        token = self._tokens.word(label)
        return (token if is_host_name(label) else f"_{token}")[: len(label)]

    def _beside_address(self, part: str) -> str:
        if _SPELT.match(part):
            return part
        found = _SEPARATED.fullmatch(part)
        assert found is not None
        return f"{found[1]}{self._label(found[2]) if found[2] else ''}{found[3]}"


def public_labels(labels: Sequence[str]) -> int:
    """How many labels at the end are a public suffix that a list names; 0 for a name of a private network."""
    if labels[-1] in _RESERVED:
        return 1
    public = _public_suffixes()
    suffix = public.publicsuffix(".".join(labels))
    if suffix is None:
        return 0
    found = suffix.split(".")
    others = public.publicsuffix(".".join(["deliverkit", *found[1:]]))
    is_wildcard = len(found) > 1 and others is not None and others.startswith("deliverkit.")
    return len(found) - is_wildcard  # whatever stands where the list has an asterisk is somebody's name


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False, only_icann=True)


def _provider_labels(labels: Sequence[str]) -> set[int]:
    """The places of labels that are a provider's suffix, also where a zone's name was appended to it."""
    suffixes, size = _kept_suffixes()
    return {
        place
        for start in range(len(labels))
        for end in range(start + 1, min(start + size, len(labels)) + 1)
        if ".".join(labels[start:end]) in suffixes
        for place in range(start, end)
    }


@cache
def _kept_suffixes() -> tuple[frozenset[str], int]:
    """Every provider's suffixes, and how many labels the longest has."""
    suffixes = frozenset(provider_suffixes() | service_suffixes() | customer_suffixes())
    return suffixes, max(suffix.count(".") for suffix in suffixes) + 1


def _addresses_of_reverse_names(answers: Iterable[Answer]) -> dict[str, tuple[Address, ...]]:
    """The addresses that lead to each reverse name."""
    found: dict[str, tuple[Address, ...]] = {}
    for answer in answers:
        address = _reversed_address(answer.name) if answer.rdtype == "PTR" else None
        for record in answer.records if address is not None else ():
            name = record.data.removesuffix(".").lower()
            found[name] = (*found.get(name, ()), *([address] if address else []))
    return found


def _reversed_address(name: str) -> Address | None:
    digits = name.split(".")[:-2][::-1]
    groups = ["".join(digits[start : start + 4]) for start in range(0, len(digits), 4)]
    text = ".".join(digits) if name.endswith(".in-addr.arpa") else ":".join(groups)
    try:
        return ip_address(text)
    except ValueError:
        return None


def _of_macros(address: Address) -> tuple[str, str]:
    """The address as the macros i and ir of SPF write it (RFC 7208 §7.3)."""
    parts = str(address).split(".") if address.version == 4 else list(address.exploded.replace(":", ""))
    return ".".join(parts), ".".join(reversed(parts))


def _leading(labels: Iterable[str], pattern: re.Pattern[str], most: int) -> list[str]:
    """The first labels that are octets or nibbles."""
    found: list[str] = []
    for label in labels:
        if len(found) == most or not pattern.fullmatch(label) or (most == 4 and int(label) > 255):
            break
        found.append(label)
    return found
