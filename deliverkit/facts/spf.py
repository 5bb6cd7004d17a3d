"""Facts about SPF: the record of a domain, the records that it leads to, and what they permit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from deliverkit.classes import Frozen, field
from deliverkit.facts import DEFAULT_TTL, DomainLookup, Lookup
from deliverkit.facts.second_opinion import SecondOpinion
from deliverkit.observations import Answer, ResourceRecord
from deliverkit.standards.spf.evaluate import Client
from deliverkit.standards.spf.macros import MacroString, domain_of
from deliverkit.standards.spf.parse import LOOKING_UP, Mechanism, Record, Term
from deliverkit.standards.spf.trace import Evaluation

FOLLOWED = ("include", "redirect")
STATIC = frozenset("do")  # macros whose value for a domain's own mail is known without a sender


class SpfLookup(DomainLookup, Frozen):
    """The question for a domain's TXT records."""


class TxtRecord(Frozen):
    """A TXT record with its strings joined."""

    source: ResourceRecord
    text: str


class SpfSet(Frozen):
    """The SPF records that a domain publishes, be it none, and its other TXT records.

    ``left_out`` counts the TXT records past the bound that are not looked at.
    """

    domain: str
    zone: str | None
    answer: Answer
    records: tuple[TxtRecord, ...]
    others: tuple[TxtRecord, ...]
    left_out: int = 0

    @property
    def ttl(self) -> int:
        """The TTL in seconds for a record that takes the place of one of these."""
        seen = min((record.source.ttl for record in self.records), default=DEFAULT_TTL)
        return seen if self.answer.authoritative else max(seen, DEFAULT_TTL)  # a cache counts down

    @property
    def owner(self) -> str:
        """The name at which the records stand: the end of a chain of aliases."""
        aliases = self.answer.aliases
        return aliases[-1].data.removesuffix(".").lower() if aliases else self.domain


class SpfRecord(Frozen):
    """The one SPF record of a domain, parsed."""

    found: SpfSet
    source: ResourceRecord
    record: Record

    @property
    def domain(self) -> str:
        """The domain whose record it is."""
        return self.found.domain


class MisplacedSpf(Frozen):
    """SPF records found where people put them by mistake when the domain itself has none."""

    records: tuple[ResourceRecord, ...]
    lookups: tuple[Lookup, ...]


class SpfNode(Frozen):
    """A name whose record an include or a redirect leads to: ``records`` counts its SPF records."""

    name: str
    lookup: Lookup
    records: int
    record: Record | None


class SpfService(Frozen):
    """Who sends behind a name that stands in SPF records.

    ``has_own_return_path``: by default its MAIL FROM domain is its own, so that the include permits nobody.
    """

    name: str
    has_own_return_path: bool
    source: str
    as_of: date


class SpfTree(Frozen):
    """The record of a domain with all that its includes and redirects lead to, each name once.

    ``left_out`` are the names past the bounds that were not looked up; ``services`` says whose names are known, by what
    `fixed_name` gives of a term.
    """

    root: SpfRecord
    nodes: Mapping[str, SpfNode]
    left_out: tuple[str, ...] = ()
    services: Mapping[str, SpfService] = field(default_factory=dict)
    _costs: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def record_of(self, name: str) -> Record | None:
        """The record of a name of the tree; None where it has no single one, or it is not known."""
        if name == self.root.domain:
            return self.root.record
        node = self.nodes.get(name)
        return node.record if node else None

    def target(self, name: str, term: Term) -> str:
        """The name that a term in the record of ``name`` asks for; empty where it depends on the sender."""
        return target_of(term, name, self.root.domain)

    def service(self, term: Term) -> SpfService | None:
        """Who sends behind the name that the term asks for; None where that is not known."""
        return self.services.get(fixed_name(term))

    def branches(self, name: str) -> Iterator[tuple[Term, str]]:
        """The includes and the redirect in the record of a name, each with its target."""
        record = self.record_of(name)
        for term in looking_up(record) if record else ():
            if term.name in FOLLOWED:
                yield term, self.target(name, term)

    def cost(self, name: str) -> int:
        """The DNS lookups (RFC 7208 §4.6.4) of the name's record in the worst case: where nothing matches."""
        if name not in self._costs:
            self._costs[name] = 0  # what leads back into itself adds nothing more here
            record = self.record_of(name)
            terms = looking_up(record) if record else ()
            self._costs[name] = sum(self.term_cost(name, term) for term in terms)
        return self._costs[name]

    def term_cost(self, name: str, term: Term) -> int:
        """The DNS lookups of a term in the record of ``name``, with those of all that it leads to."""
        if term.name not in LOOKING_UP:
            return 0
        return 1 + (self.cost(self.target(name, term)) if term.name in FOLLOWED else 0)

    @property
    def reached(self) -> tuple[str, ...]:
        """The names whose records a sender may come to, the domain first."""
        found: dict[str, None] = {self.root.domain: None}
        waiting = [self.root.domain]
        while waiting:
            for _, target in self.branches(waiting.pop(0)):
                if target and target not in found:
                    found[target] = None
                    waiting.append(target)
        return tuple(found)

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out of the records, in words."""
        failures = [node.lookup.failure for node in self.nodes.values() if node.lookup.failure]
        return (*failures, *(f"{name} was not followed: the tree is too large" for name in self.left_out[:1]))


class NamedHosts(Frozen):
    """What a term ``a`` or ``mx`` permits: the questions for its hosts. ``mx`` is the question for MX."""

    owner: str
    term: Mechanism
    target: str
    mx: Lookup | None
    addresses: tuple[Lookup, ...]

    @property
    def is_void(self) -> bool:
        """Whether the DNS has nothing at its target, for IPv4 nor for IPv6 (RFC 7208 §4.6.4)."""
        asked = (self.mx,) if self.mx else self.addresses
        return all(lookup.answer.status.is_definite and not lookup.answer.records for lookup in asked)

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out, in words."""
        lookups = (*((self.mx,) if self.mx else ()), *self.addresses)
        return tuple(lookup.failure for lookup in lookups if lookup.failure)


class SpfHosts(Frozen):
    """The terms ``a`` and ``mx`` of a tree with their hosts; ``left_out`` counts those past the bound."""

    tree: SpfTree
    hosts: tuple[NamedHosts, ...]
    left_out: int = 0

    def of(self, owner: str, term: Term) -> NamedHosts | None:
        """The hosts of a term in the record of ``owner``; None where they were not asked for."""
        return self._named.get((owner, term.span.start))

    @cached_property
    def _named(self) -> dict[tuple[str, int], NamedHosts]:
        return {(found.owner, found.term.span.start): found for found in self.hosts}

    def is_void(self, owner: str, term: Term) -> bool:
        """Whether the DNS has nothing at the term's target (RFC 7208 §4.6.4), whoever sends."""
        node = self.tree.nodes.get(self.tree.target(owner, term)) if term.name in FOLLOWED else None
        if node is not None:
            return node.lookup.answer.status.is_definite and not node.lookup.answer.records
        found = self.of(owner, term)
        return found is not None and found.is_void

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out, in words."""
        failures = [failure for found in self.hosts for failure in found.failures]
        return tuple(dict.fromkeys([*self.tree.failures, *failures]))


class SenderTest(Frozen):
    """``check_host`` for one sender; ``helo`` is that of the HELO name, where one is given."""

    client: Client
    evaluation: Evaluation
    helo: Evaluation | None = None
    second_opinion: SecondOpinion | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether the second opinion is another than ours."""
        return self.second_opinion is not None and self.second_opinion.result != self.evaluation.result


class SenderTests(Frozen):
    """The senders that are expected to be permitted, each with what a receiver makes of it."""

    tests: tuple[SenderTest, ...]


def looking_up(record: Record) -> tuple[Term, ...]:
    """The terms that a sender may come to and that look something up, in order; the redirect comes last."""
    found: list[Term] = [mechanism for mechanism in record.reached if mechanism.name in LOOKING_UP]
    return (*found, record.redirect) if record.redirect else tuple(found)


def fixed_name(term: Term) -> str:
    """The name that a term asks for, or of one that depends on the sender what it ends in, whoever sends."""
    spec: MacroString | None = term.domain if isinstance(term, Mechanism) else term.value
    if spec is None or not spec.letters:
        return "" if spec is None else spec.name
    last = spec.parts[-1]
    return domain_of(last).partition(".")[2] if isinstance(last, str) else ""


def target_of(term: Term, owner: str, domain: str) -> str:
    """The name that a term in the record of ``owner`` asks for; empty where it depends on the sender."""
    spec: MacroString | None = term.domain if isinstance(term, Mechanism) else term.value
    if spec is None:
        return owner
    if not spec.letters <= STATIC:
        return ""
    return domain_of(spec.expand({"d": owner, "o": domain}.__getitem__))
