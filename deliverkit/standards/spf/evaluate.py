"""``check_host`` of RFC 7208 §4 over given answers, every step noted.

The evaluation is pure. ``answers`` gives the answer to a question, or raises `NeedsAnswer` with all the questions that
it needs next; whoever can ask the DNS gets those, and evaluates again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address

from deliverkit.standards.addresses import Address
from deliverkit.standards.names import MAX_LABEL, MAX_NAME
from deliverkit.standards.spf.asking import MAX_MX, Answers, Asking, EndError, address_of, permerror
from deliverkit.standards.spf.macros import MacroString, domain_of, parse_macros
from deliverkit.standards.spf.parse import LOOKING_UP, Mechanism, Modifier, Record, is_spf, parse_spf
from deliverkit.standards.spf.trace import NO_ADDRESS, OF_QUALIFIER, Evaluation, SpfResult, Step
from deliverkit.standards.txt import text_of


@dataclass(frozen=True, slots=True)
class Client:
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
    asking = Asking(address, answers)
    local, own = client.mailbox
    run = _Run(client, asking, local, own)
    try:
        result, why = run.check(own if domain is None else domain)
    except EndError as end:
        result, why = end.result, end.why
    return Evaluation(
        result, why, tuple(run.steps), asking.lookups, asking.voids, tuple(asking.questions), run.explain(result)
    )


def is_well_formed(domain: str) -> bool:
    """Whether the domain is one that has records: several labels, none empty or too long (RFC 7208 §4.3)."""
    name = domain.removesuffix(".")
    labels = name.split(".")
    if len(name) > MAX_NAME or len(labels) < 2 or name.startswith("["):
        return False
    return all(0 < len(label) <= MAX_LABEL for label in labels)


@dataclass(slots=True)
class _Run:
    """One evaluation under way: what is asked about, and what has been counted and noted."""

    client: Client
    asking: Asking
    local: str
    sender_domain: str
    domain: str = ""
    level: int = 0
    steps: list[Step] = field(default_factory=list)
    decided_by: tuple[str, Record] | None = None

    @property
    def address(self) -> Address:
        return self.asking.address

    def check(self, domain: str) -> tuple[SpfResult, str]:
        """The result for a domain, at the level and with the counters as they are."""
        name = _name_of(domain)
        if not name:
            return SpfResult.NONE, f"{domain} is no full domain name"
        answer = self.asking.ask(name, "TXT")
        if not answer.status.is_definite:  # RFC 7208 §4.4
            raise EndError(SpfResult.TEMPERROR, f"{name} TXT: {answer.status}")
        records = [record for found in answer.records if (record := _record_of(found.data))]
        if not records:  # RFC 7208 §4.5
            return SpfResult.NONE, f"{name} has no SPF record"
        if len(records) > 1:
            raise permerror(f"{name} has {len(records)} SPF records")
        if records[0].faults:  # RFC 7208 §4.6
            raise permerror(f"syntax error in the record of {name}: {records[0].faults[0].reason}")
        self.domain = name
        return self._walk(name, records[0])

    def _walk(self, domain: str, record: Record) -> tuple[SpfResult, str]:
        asking, steps, level = self.asking, self.steps, self.level
        version, number = asking.version, asking.number
        for mechanism in record.mechanisms:
            prefix = mechanism.prefix
            if prefix is None:
                matched = self._matches(domain, mechanism)
            else:  # RFC 7208 §5.6; most of a record is this, so it is kept short
                matched = prefix[0] == version and number >> prefix[1] == prefix[2]
                why = "" if matched else "does not hold the address"
                steps.append(Step(level, domain, mechanism, "", matched, why, asking.lookups, asking.voids))
            if matched:
                self.decided_by = domain, record
                result = OF_QUALIFIER[mechanism.qualifier]
                return result, f"{mechanism.text} in the record of {domain} matches"
        redirect = record.redirect
        if redirect is None:
            self.decided_by = domain, record
            return SpfResult.NEUTRAL, f"nothing in the record of {domain} matches"  # RFC 7208 §4.7
        self.asking.count(redirect)
        target = self._target(domain, redirect.value)
        self._note(domain, redirect, target, matched=None, why="nothing matched before")
        self.level += 1
        result, why = self.check(target)
        self.level -= 1
        if result is SpfResult.NONE:  # RFC 7208 §6.1
            raise permerror(f"redirect of {domain}: {why}")
        return result, why

    def _matches(self, domain: str, mechanism: Mechanism) -> bool:
        if mechanism.name in LOOKING_UP:
            self.asking.count(mechanism)
        if mechanism.name == "all":
            self._note(domain, mechanism, "", matched=True, why="")
            return True
        target = domain if mechanism.domain is None else self._target(domain, mechanism.domain)
        if mechanism.name == "include":
            return self._include(domain, mechanism, target)
        matched, why = getattr(self, f"_{mechanism.name}")(mechanism, target)
        self._note(domain, mechanism, target, matched=matched, why=why)
        return bool(matched)

    def _include(self, domain: str, mechanism: Mechanism, target: str) -> bool:
        """RFC 7208 §5.2."""
        self._note(domain, mechanism, target, matched=None, why="")
        place, decided = len(self.steps) - 1, self.decided_by
        self.level += 1
        result, why = self.check(target)
        self.level -= 1
        self.domain, self.decided_by = domain, decided
        if result is SpfResult.NONE:
            raise permerror(f"include:{target} of {domain}: {why}")
        matched = result is SpfResult.PASS
        asking, why = self.asking, f"{target} says {result}"
        self.steps[place] = Step(self.level, domain, mechanism, target, matched, why, asking.lookups, asking.voids)
        return matched

    def _a(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:
        """RFC 7208 §5.3."""
        return self._compare(mechanism, [target])

    def _mx(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:
        """RFC 7208 §5.4."""
        answer = self.asking.look_up(target, "MX")
        if len(answer.records) > MAX_MX:  # RFC 7208 §4.6.4
            raise permerror(f"{target} has {len(answer.records)} MX records, more than {MAX_MX}")
        hosts = [record.data.rpartition(" ")[2].removesuffix(".").lower() for record in answer.records]
        hosts = [host for host in dict.fromkeys(hosts) if host]
        if not hosts:
            return False, NO_ADDRESS[2]
        return self._compare(mechanism, hosts)

    def _compare(self, mechanism: Mechanism, hosts: list[str]) -> tuple[bool, str]:
        """Whether the client is one of the hosts, by the prefix length of its version of IP."""
        rdtype, size = ("A", 32) if self.asking.version == 4 else ("AAAA", 128)
        length = mechanism.ipv4_length if size == 32 else mechanism.ipv6_length
        number, shift = self.asking.number, size - length
        self.asking.want((host, rdtype) for host in hosts)
        seen = []
        for host in hosts:
            for record in self.asking.look_up(host, rdtype).records:
                found = address_of(record.data)
                seen.append(record.data)
                if found is not None and int(found) >> shift == number >> shift:
                    return True, f"{host} has {record.data}"
        if not seen:
            return False, NO_ADDRESS[0] if size == 32 else NO_ADDRESS[1]
        seen.sort()
        return False, f"{', '.join(seen[:3])}{' …' if len(seen) > 3 else ''}"

    def _exists(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:  # noqa: ARG002 - as the others
        """RFC 7208 §5.7: A, for IPv6 too."""
        found = self.asking.look_up(target, "A").records
        return bool(found), f"{target} has {found[0].data}" if found else "no A record"

    def _ptr(self, mechanism: Mechanism, target: str) -> tuple[bool, str]:  # noqa: ARG002 - as the others
        """RFC 7208 §5.5."""
        for name in self.asking.validated_names():
            if name == target or name.endswith(f".{target}"):
                return True, f"{name} is a validated name of {self.address}"
        return False, f"no validated name of {self.address} is within {target}"

    def _note(self, domain: str, term: Mechanism | Modifier, target: str, *, matched: bool | None, why: str) -> None:
        self.steps.append(Step(self.level, domain, term, target, matched, why, self.asking.lookups, self.asking.voids))

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
            return _dotted(self.address)
        client = self.client
        values = {
            "s": f"{self.local}@{self.sender_domain}",
            "l": self.local,
            "o": self.sender_domain,
            "h": client.helo,
            "v": "in-addr" if self.asking.version == 4 else "ip6",
            "c": str(self.address),
            "r": client.receiver,
            "t": str(client.timestamp),
        }
        return values[letter]

    def _name_of_client(self) -> str:
        """RFC 7208 §7.3: the domain itself, else a name below it, else any; "unknown" where there is none."""
        names = self.asking.validated_names()
        within = [name for name in names if name.endswith(f".{self.domain}")]
        return self.domain if self.domain in names else (*within, *names, "unknown")[0]

    def explain(self, result: SpfResult) -> str | None:
        """The domain's explanation of a fail (RFC 7208 §6.2); whatever is wrong with it makes it none."""
        if result is not SpfResult.FAIL or self.decided_by is None:
            return None
        domain, record = self.decided_by
        modifier = record.modifier("exp")
        if modifier is None:
            return None
        answer = self.asking.ask(self._target(domain, modifier.value), "TXT")
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


@lru_cache(maxsize=256)
def _dotted(address: Address) -> str:
    """The address as the macro i has it: IPv6 nibble by nibble."""
    return str(address) if address.version == 4 else ".".join(address.exploded.replace(":", "").upper())
