"""Facts about this machine: its resolvers, which blocklists answer them, and whether port 25 is open from here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date

from deliverkit.classes import Frozen
from deliverkit.observations import Answer, Connection, Status
from deliverkit.observations.reach import Reach
from deliverkit.standards.dnsbl import ListState


class BogusName(Frozen):
    """A name whose signatures are broken on purpose."""

    name: str
    operator: str
    source: str
    as_of: date


class Blocklist(Frozen):
    """A blocklist: the entry that is always ``listed``, the one that never is, and how it turns readers away."""

    zone: str
    kind: str
    listed: str
    unlisted: str
    refusals: Mapping[str, str]
    is_registered: bool
    source: str
    as_of: date


class ControlHost(Frozen):
    """An exchanger that takes connections to port 25 from everywhere."""

    host: str
    provider: str
    source: str
    as_of: date


class Transport(enum.StrEnum):
    """How a resolver is asked."""

    PLAIN = "plain"
    TLS = "TLS"
    HTTPS = "HTTPS"


class BogusTest(Frozen):
    """The answers for a bogus name: with checking, and with checking disabled."""

    bogus: BogusName
    checked: Answer
    unchecked: Answer

    @property
    def validates(self) -> bool | None:
        """Whether validation is what kept the data back; None where the two answers do not tell."""
        if self.checked.status is Status.SERVFAIL and self.unchecked.status.is_definite:  # RFC 4035 §5.5, §3.2.2
            return True
        is_data = self.checked.status in {Status.NOERROR, Status.NODATA}
        # with the AD bit the name has been mended; NXDOMAIN is somebody else's word for it
        return False if is_data and not self.checked.authenticated else None


class Validation(Frozen):
    """What a resolver does with DNSSEC: its answers for the root, which is signed, and for names that are bogus."""

    server: str
    root: Answer
    bogus: tuple[BogusTest, ...]

    @property
    def validates(self) -> bool | None:
        """Whether it checks signatures; None where no bogus name tells."""
        said = {test.validates for test in self.bogus}
        return True if True in said else False if False in said else None

    @property
    def transport(self) -> Transport:
        """How it is asked."""
        scheme = self.server.partition("://")[0]
        return {"tls": Transport.TLS, "https": Transport.HTTPS}.get(scheme, Transport.PLAIN)

    @property
    def is_believed(self) -> bool:
        """Whether its AD bit proves anything: it validates and says so, over a path that nobody can forge.

        RFC 4035 §4.9.3. A loopback address proves nothing: a stub there may ask others in the clear.
        """
        return self.validates is True and self.root.authenticated and self.transport is not Transport.PLAIN

    @property
    def doubt(self) -> str:
        """Why it is not believed, in words; empty where it is."""
        if not self.server:
            return "there was no DNS resolver to ask"
        if self.validates is None:
            return f"it is not known whether the resolver {self.server} validates DNSSEC"
        if self.validates is False:
            return f"the resolver {self.server} does not validate DNSSEC"
        if not self.root.authenticated:
            return f"the resolver {self.server} does not say what it has validated (no AD bit)"
        if self.transport is Transport.PLAIN:
            return f"what the resolver {self.server} says of DNSSEC can be forged on the way: ask one over TLS"
        return ""

    def holds_for(self, answer: Answer) -> bool:
        """Whether an AD bit that is missing in the answer means that nobody signed the data (RFC 4035 §3.2.3)."""
        return answer.server == self.server and self.validates is True and self.root.authenticated


class ResolverTest(Validation, Frozen):
    """What one resolver answers to the control questions.

    ``root`` is the root's SOA record, which every resolver has at hand; ``made_up`` the address of a name that
    nobody has made; ``over_tcp`` the root's name servers, None where every answer comes over a stream anyway.
    ``recursion`` is how many seconds the denial took that it had to go and find; None where it failed, or had it.
    """

    made_up: Answer
    recursion: float | None
    over_tcp: Answer | None

    @property
    def failure(self) -> str:
        """Why it is of no use, in words; empty where it answers."""
        return "" if self.root.status.is_definite else f"{self.server} {_WORDS.get(self.root.status, self._says)}"

    @property
    def _says(self) -> str:
        return f"answers {self.root.status} for the root"

    @property
    def denied(self) -> tuple[str, ...]:
        """The names of unrelated operators that it denies, one and all; none where it finds any of them."""
        answers = [test.unchecked for test in self.bogus]
        is_denial = all(answer.status is Status.NXDOMAIN for answer in answers)
        return tuple(answer.name for answer in answers) if is_denial else ()

    @property
    def distrust(self) -> str:
        """Why its failures and denials say nothing of anybody else, in words; empty where they do."""
        if self.failure:
            return f"the resolver {self.failure}"
        if self.made_up.records:
            return f"the resolver {self.server} gives addresses for names that do not exist"
        if self.made_up.status is not Status.NXDOMAIN or self.denied:
            return f"the resolver {self.server} finds nothing out"
        return f"the resolver {self.server} denies without a SOA record" if self.made_up.is_bare_denial else ""

    @property
    def round_trip(self) -> float:
        """Seconds until the answer that it has at hand."""
        return to_microseconds(self.root.elapsed)


_WORDS = {
    Status.TIMEOUT: "did not answer in time",
    Status.UNREACHABLE: "cannot be reached from here",
    Status.REFUSED: "refuses to answer this machine",
    Status.SERVFAIL: "fails even for the root",
}


class ResolverTests(Frozen):
    """The tests of every resolver, in the order in which they are asked."""

    tests: tuple[ResolverTest, ...]

    @property
    def answering(self) -> tuple[ResolverTest, ...]:
        """Those that answer at all."""
        return tuple(test for test in self.tests if not test.failure)

    @property
    def distrust(self) -> tuple[str, ...]:
        """Why nothing can be found out through them; empty where one of them can be trusted."""
        reasons = tuple(test.distrust for test in self.tests)
        return reasons if all(reasons) else ()


class BlocklistTest(Frozen):
    """The answers of a blocklist for its test points through one resolver, whether they count, and why not."""

    server: str
    blocklist: Blocklist
    listed: Answer
    unlisted: Answer
    state: ListState
    reason: str


class BlocklistAnswers(Frozen):
    """The same before it is known whether the resolvers can be trusted."""

    tests: tuple[BlocklistTest, ...]


class BlocklistTests(Frozen):
    """The tests of every blocklist through every resolver."""

    tests: tuple[BlocklistTest, ...]

    def of(self, *states: ListState) -> tuple[BlocklistTest, ...]:
        """Those in one of the states."""
        return tuple(test for test in self.tests if test.state in states)


class PortTest(Frozen):
    """A control host: its addresses' answers, and what came of one attempt for each kind of address."""

    control: ControlHost
    ipv4: Answer
    ipv6: Answer
    over_ipv4: Connection | None
    over_ipv6: Connection | None


class PortTests(Frozen):
    """The attempts to connect to port 25 of unrelated hosts."""

    tests: tuple[PortTest, ...]

    @property
    def attempts(self) -> tuple[Connection, ...]:
        """Every attempt that is known."""
        return (*self.over(4), *self.over(6))

    def over(self, version: int) -> tuple[Connection, ...]:
        """The attempts over IPv4 or IPv6 that are known."""
        every = (test.over_ipv4 if version == 4 else test.over_ipv6 for test in self.tests)
        return tuple(one for one in every if one is not None and one.status is not Reach.UNRECORDED)

    def is_open(self, version: int) -> bool | None:
        """Whether any host took the connection; None where none was tried."""
        attempts = self.over(version)
        return any(one.status is Reach.CONNECTED for one in attempts) if attempts else None

    def unresolved(self, version: int) -> tuple[str, ...]:
        """The hosts whose addresses could not be looked up, with why; each of them has IPv4."""
        answers = (test.ipv4 if version == 4 else test.ipv6 for test in self.tests)
        return tuple(f"{answer.name} {answer.rdtype}: {answer.status}" for answer in answers if _is_lost(answer))


def to_microseconds(seconds: float) -> float:
    """The time as a case file keeps it, so that a run judged again says the same."""
    return round(seconds, 6)


def _is_lost(answer: Answer) -> bool:
    is_missing = answer.status is Status.NODATA and answer.rdtype == "A"
    return is_missing or answer.status not in {Status.NOERROR, Status.NODATA}
