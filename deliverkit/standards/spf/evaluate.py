"""``check_host`` of RFC 7208 §4 over given answers, every step noted.

The evaluation is pure. ``answers`` gives the answer to a question, or raises `NeedsAnswer` with all the questions that
it needs next; whoever can ask the DNS gets those, and evaluates again.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import MAX_LABEL, MAX_NAME
from deliverkit.standards.spf.asking import MAX_MX, Answers, Asking, EndError, number_of, permerror
from deliverkit.standards.spf.macros import MacroString, domain_of, parse_macros
from deliverkit.standards.spf.parse import Mechanism, Modifier, Networks, Record, Term, is_spf, parse_spf
from deliverkit.standards.spf.trace import (
    FAIL,
    NO_ADDRESS,
    NONE,
    OF_QUALIFIER,
    PASS,
    Evaluation,
    NetworkSteps,
    Noted,
    SpfResult,
)
from deliverkit.standards.txt import text_of


class Client(Frozen):
    """Who sends: the address, MAIL FROM, the HELO name; and who is asked, for the explanation's macros."""

    address: Address
    sender: str = ""
    helo: str = ""
    receiver: str = "unknown"
    timestamp: int = 0

    @property
    def mailbox(self) -> tuple[str, str]:
        """Local part and domain; of an empty MAIL FROM postmaster at the HELO name (RFC 7208 §2.4, §4.3)."""
        local, at, domain = (self.sender or f"postmaster@{self.helo}").rpartition("@")
        return (local or "postmaster") if at else "postmaster", domain


def check_host(client: Client, answers: Answers, domain: str | None = None) -> Evaluation:
    """The evaluation of the sender's domain, or of the one given.

    Raises:
        NeedsAnswer: ``answers`` raised it.
    """
    address = client.address
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:  # RFC 7208 §5
        address = address.ipv4_mapped
    local, own = client.mailbox
    run = _Run(address, answers, client, local, own)
    try:
        result = run.check(own if domain is None else domain)
        why = run.why
    except EndError as end:
        result, why = end.result, end.why
    explanation = run.explain() if result is FAIL else None
    return Evaluation(result, why, tuple(run.noted), run.lookups, run.voids, explanation)


def is_well_formed(domain: str) -> bool:
    """Whether the domain is one that has records: several labels, none empty or too long (RFC 7208 §4.3)."""
    name = domain.removesuffix(".")
    labels = name.split(".")
    if len(name) > MAX_NAME or len(labels) < 2 or name.startswith("["):
        return False
    return all(0 < len(label) <= MAX_LABEL for label in labels)


class _Run(Asking, Slotted):
    """One evaluation under way: what is asked about, and what has been counted and noted."""

    client: Client
    local: str
    sender_domain: str
    domain: str = ""
    level: int = 0
    noted: list[Noted | NetworkSteps] = field(default_factory=list)
    decided_by: tuple[str, Record, Mechanism | None] | None = None
    lack: str = ""

    @property
    def why(self) -> str:
        """What the result comes from."""
        if self.decided_by is None:
            return self.lack
        domain, _, found = self.decided_by
        return f"{found or 'nothing'} in the record of {domain} matches"

    def check(self, domain: str) -> SpfResult:
        """The result for a domain, at the level and with the counters as they are; of a none, ``lack`` says why."""
        name = _name_of(domain)
        if not name:
            self.lack = f"{domain} is no full domain name"
            return NONE
        answer = self.ask_well_formed(name, "TXT")
        if not answer.status.is_definite:  # RFC 7208 §4.4
            raise EndError(SpfResult.TEMPERROR, f"{name} TXT: {answer.status}")
        records = [record for found in answer.records if (record := _record_of(found.data))]
        if not records:  # RFC 7208 §4.5
            self.lack = f"{name} has no SPF record"
            return NONE
        if len(records) > 1:
            raise permerror(f"{name} has {len(records)} SPF records")
        if records[0].faults:  # RFC 7208 §4.6
            raise permerror(f"syntax error in the record of {name}: {records[0].faults[0].reason}")
        self.domain = name
        return self._walk(name, records[0])

    def _walk(self, domain: str, record: Record) -> SpfResult:
        found = self._first_match(domain, record)
        if found is None and record.redirect is not None:
            return self._redirect(domain, record.redirect)
        self.decided_by = domain, record, found
        return OF_QUALIFIER[found.qualifier] if found else SpfResult.NEUTRAL  # RFC 7208 §4.7

    def _first_match(self, domain: str, record: Record) -> Mechanism | None:
        for part in record.parts:
            found = self._among(domain, part) if isinstance(part, Networks) else self._matching(domain, part)
            if found is not None:
                return found
        last = record.all
        if last is not None:  # RFC 7208 §5.1
            self._note(domain, last, "", matched=True, why="")
        return last

    def _redirect(self, domain: str, redirect: Modifier) -> SpfResult:
        """RFC 7208 §6.1."""
        self.count(redirect)
        target = self._target(domain, redirect.value)
        self._note(domain, redirect, target, matched=None, why="nothing matched before")
        self.level += 1
        result = self.check(target)
        self.level -= 1
        if result is NONE:
            raise permerror(f"redirect of {domain}: {self.lack}")
        return result

    def _among(self, domain: str, networks: Networks) -> Mechanism | None:
        """The first of the networks that holds the client's address (RFC 7208 §5.6)."""
        terms = networks.terms
        place = networks.place_of(self.version, self.number)
        self.noted.append(NetworkSteps(self.level, domain, networks, place, self.lookups, self.voids))
        return terms[place] if place < len(terms) else None

    def _matching(self, domain: str, mechanism: Mechanism) -> Mechanism | None:
        """The mechanism, if it matches."""
        self.count(mechanism)
        target = domain if mechanism.domain is None else self._target(domain, mechanism.domain)
        if mechanism.name == "include":
            return mechanism if self._include(domain, mechanism, target) else None
        matched, why = getattr(self, f"_{mechanism.name}")(mechanism, target)
        self._note(domain, mechanism, target, matched=matched, why=why)
        return mechanism if matched else None

    def _include(self, domain: str, mechanism: Mechanism, target: str) -> bool:
        """RFC 7208 §5.2."""
        self._note(domain, mechanism, target, matched=None, why="")
        place, decided = len(self.noted) - 1, self.decided_by
        self.level += 1
        result = self.check(target)
        self.level -= 1
        self.domain, self.decided_by = domain, decided
        if result is NONE:
            raise permerror(f"include:{target} of {domain}: {self.lack}")
        matched, why = result is PASS, f"{target} says {result}"
        self.noted[place] = (self.level, domain, mechanism, target, matched, why, self.lookups, self.voids)
        return matched

    def _a(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:
        """RFC 7208 §5.3."""
        return self._compare(mechanism, [target])

    def _mx(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:
        """RFC 7208 §5.4."""
        answer = self.look_up(target, "MX")
        if len(answer.records) > MAX_MX:  # RFC 7208 §4.6.4
            raise permerror(f"{target} has {len(answer.records)} MX records, more than {MAX_MX}")
        hosts = [host for host in dict.fromkeys([_exchange_of(record.data) for record in answer.records]) if host]
        if not hosts:
            return False, NO_ADDRESS[2]
        return self._compare(mechanism, hosts)

    def _compare(self, mechanism: Mechanism, hosts: list[str]) -> tuple[bool, str]:
        """Whether the client is one of the hosts, by the prefix length of its version of IP."""
        rdtype, size = ("A", 32) if self.version == 4 else ("AAAA", 128)
        length = mechanism.ipv4_length if size == 32 else mechanism.ipv6_length
        shift = size - length
        wanted = self.number >> shift
        if len(hosts) > 1:
            self.want(hosts, rdtype)
        seen = []
        for host in hosts:
            for record in self.look_up(host, rdtype).records:
                found = number_of(record.data)
                seen.append(record.data)
                if found is not None and found >> shift == wanted:
                    return True, f"{host} has {record.data}"
        if not seen:
            return False, NO_ADDRESS[0] if size == 32 else NO_ADDRESS[1]
        seen.sort()
        return False, f"{', '.join(seen[:3])}{' …' if len(seen) > 3 else ''}"

    def _exists(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:  # noqa: ARG002 - as the others
        """RFC 7208 §5.7: A, for IPv6 too."""
        found = self.look_up(target, "A").records
        return bool(found), f"{target} has {found[0].data}" if found else "no A record"

    def _ptr(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:  # noqa: ARG002 - as the others
        """RFC 7208 §5.5."""
        for name in self.validated_names():
            if name == target or name.endswith(f".{target}"):
                return True, f"{name} is a validated name of {self.address}"
        return False, f"no validated name of {self.address} is within {target}"

    def _note(self, domain: str, term: Term, target: str, *, matched: bool | None, why: str) -> None:
        self.noted.append((self.level, domain, term, target, matched, why, self.lookups, self.voids))

    def _target(self, domain: str, spec: MacroString) -> str:
        self.domain = domain
        return spec.name or domain_of(spec.expand(self._value_of))

    def _value_of(self, letter: str) -> str:
        """The value of a macro (RFC 7208 §7.2)."""
        if letter == "p":
            return self._name_of_client()
        if letter == "d":
            return self.domain
        if letter == "i":
            return _dotted(self.version, self.number)
        client = self.client
        values = {
            "s": f"{self.local}@{self.sender_domain}",
            "l": self.local,
            "o": self.sender_domain,
            "h": client.helo,
            "v": "in-addr" if self.version == 4 else "ip6",
            "c": str(self.address),
            "r": client.receiver,
            "t": str(client.timestamp),
        }
        return values[letter]

    def _name_of_client(self) -> str:
        """RFC 7208 §7.3: the domain itself, else a name below it, else any; "unknown" where there is none."""
        names = self.validated_names()
        within = [name for name in names if name.endswith(f".{self.domain}")]
        return self.domain if self.domain in names else (*within, *names, "unknown")[0]

    def explain(self) -> str | None:
        """The domain's explanation of a fail (RFC 7208 §6.2); whatever is wrong with it makes it none."""
        if self.decided_by is None:
            return None
        domain, record, _ = self.decided_by
        modifier = record.modifier("exp")
        if modifier is None:
            return None
        answer = self.ask(self._target(domain, modifier.value), "TXT")
        texts = [text_of(found.data) for found in answer.records]
        if len(texts) != 1:
            return None
        text, faults = parse_macros(texts[0], in_explanation=True)
        return None if faults else text.expand(self._value_of)


@lru_cache(maxsize=4096)
def _record_of(data: str) -> Record | None:
    """The SPF record that the data of a TXT record holds."""
    text = text_of(data)
    return parse_spf(text) if is_spf(text) else None


@lru_cache(maxsize=4096)
def _name_of(domain: str) -> str:
    """The domain as a name to ask for; empty where it is none that has records."""
    return domain.removesuffix(".").lower() if is_well_formed(domain) else ""


@lru_cache(maxsize=4096)
def _exchange_of(data: str) -> str:
    """The host that the data of an MX record names; empty for a null MX."""
    return data.rpartition(" ")[2].removesuffix(".").lower()


@lru_cache(maxsize=256)
def _dotted(version: int, address: int) -> str:
    """The address as the macro i has it: IPv6 nibble by nibble (RFC 7208 §7.3)."""
    return ".".join(map(str, address.to_bytes(4))) if version == 4 else ".".join(f"{address:032X}")
