"""An SPF record as tables: its tree with what each term costs, its networks and which lie in others, the senders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from deliverkit.checks.spf.departures import disagreement
from deliverkit.checks.wording import count, listed
from deliverkit.classes import Frozen, Slotted, field
from deliverkit.facts.spf import FOLLOWED, SenderTest, SenderTests, SpfHosts
from deliverkit.facts.spf_networks import Overlap, Permitted, depending, overlaps, permitted
from deliverkit.render.tables import Table
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report
from deliverkit.standards.spf.asking import MAX_LOOKUPS, MAX_VOIDS
from deliverkit.standards.spf.parse import LOOKING_UP, Mechanism, Term

MOST_ROWS = 60  # of the tree, and of the networks in a document
MOST_OVERLAPS = 8  # that a terminal shows
MOST_STEPS = 60  # of an evaluation in a document
DEEPEST = 12  # levels that are set in
_TERM = 58  # columns
_COUNTED = 1000  # from here on a count says nothing more
WORST_CASE = "cost and counts are the worst case, that of a sender whom nothing permits"


class Row(Frozen):
    """A term of the tree, ``level`` deep. ``cost``, ``running`` and ``voids`` count lookups in the worst case."""

    level: int
    owner: str
    term: str
    cost: int
    running: int
    voids: int
    service: str
    note: str


def rows_of(hosts: SpfHosts) -> list[Row]:
    """The terms that a sender may come to, those of each record once."""
    walk = _Walk(hosts)
    walk.visit(hosts.tree.root.domain, 0)
    return walk.rows


class _Walk(Slotted):
    """The rows so far, with the counts after the last one."""

    hosts: SpfHosts
    rows: list[Row] = field(default_factory=list)
    running: int = 0
    voids: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # names, with the empty answers that theirs come to
    above: list[str] = field(default_factory=list)

    def visit(self, owner: str, level: int) -> None:
        """Add the terms of a record, and of those that it leads to."""
        self.seen[owner] = 0
        self.above.append(owner)
        record, before = self.hosts.tree.record_of(owner), self.voids
        redirect = (record.redirect,) if record and record.redirect else ()
        for term in (*record.reached, *redirect) if record else ():
            self._term(owner, term, level)
        self.seen[owner] = self.voids - before
        self.above.pop()

    def _term(self, owner: str, term: Term, level: int) -> None:
        tree = self.hosts.tree
        target = tree.target(owner, term) if term.name in FOLLOWED else ""
        is_again, cost = target in self.seen, tree.term_cost(owner, term)
        self.running += term.name in LOOKING_UP
        self.voids += cost > 0 and self.hosts.is_void(owner, term)
        service = tree.service(term)
        note = "leads back in a circle" if target in self.above else _note(self.hosts, term.name, target)
        if is_again and target not in self.above:  # what it leads to is not shown again, and counts again
            self.running += cost - 1
            self.voids += self.seen[target]
            note = note or "as above"
        name = service.name if service else ""
        self.rows.append(Row(level, owner, term.text, cost, self.running, self.voids, name, note))
        if target and not is_again:
            self.visit(target, level + 1)


def _note(hosts: SpfHosts, name: str, target: str) -> str:
    """What is to be said of an include or a redirect that is not followed."""
    if name not in FOLLOWED:
        return "depends on the sender" if name in {"exists", "ptr"} else ""
    if not target:
        return "depends on the sender"
    node = hosts.tree.nodes.get(target)
    if node is None:
        return "not looked up"
    if node.lookup.failure:
        return str(node.lookup.answer.status)
    return "" if node.record else count(node.records, "SPF record") if node.records else "no SPF record"


def tree_table(rows: Sequence[Row], *, step: str) -> Table:
    """The tree, each level set in by one more step; owners and notes where there are some."""
    headers = ("record", "cost", "count", "void", "owner", "note")
    cells = [
        (
            f"{step * min(row.level, DEEPEST)}{cut_middle(escape(row.term), _TERM)}",
            "" if not row.cost else str(row.cost) if row.cost < _COUNTED else "…",
            f"{row.running}/{MAX_LOOKUPS}" if row.cost and row.running < _COUNTED else "",
            f"{row.voids}/{MAX_VOIDS}" if row.cost and row.voids < _COUNTED else "",
            row.service,
            escape(row.note),
        )
        for row in rows
    ]
    kept = [n for n in range(len(headers)) if n < 4 or any(line[n] for line in cells)]
    shown = tuple(tuple(line[n] for n in kept) for line in cells)
    legend = WORST_CASE if any(row.cost for row in rows) else ""
    return Table(tuple(headers[n] for n in kept), shown, legend, head=1, right=(1, 2, 3))


def overlap_table(found: Sequence[Overlap]) -> Table:
    """The networks that lie within others, each with the terms that name the two."""
    rows = tuple(
        (str(one.inner.network), _named_by(one.inner), str(one.outer.network), _named_by(one.outer)) for one in found
    )
    return Table(("network", "named by", "lies within", "named by"), rows)


def _named_by(one: Permitted) -> str:
    is_network = isinstance(one.term, Mechanism) and one.term.network is not None
    return escape(f"{one.term.name if is_network else cut_middle(one.term.text, _TERM)} of {one.owner}")


def addresses(hosts: SpfHosts) -> tuple[list[IPv4Network], list[IPv6Network]]:
    """All that the tree permits, in the fewest networks."""
    networks = [found.network for found in permitted(hosts)]
    ipv4 = collapse_addresses(network for network in networks if isinstance(network, IPv4Network))
    ipv6 = collapse_addresses(network for network in networks if isinstance(network, IPv6Network))
    return list(ipv4), list(ipv6)


def permits(hosts: SpfHosts) -> str:
    """How many addresses are authorised, and what that number leaves out."""
    ipv4, ipv6 = addresses(hosts)
    size = sum(network.num_addresses for network in ipv4)
    found = [f"{count(size, 'IPv4 address')} in {count(len(ipv4), 'network')}"] if ipv4 else []
    found += [count(len(ipv6), "IPv6 network")] if ipv6 else []
    by_sender = list(dict.fromkeys(cut_middle(term.text, _TERM) for _, term in depending(hosts)))
    rest = f"; whom {listed(by_sender)} permits depends on the sender" if by_sender else ""
    if hosts.failures or hosts.left_out:
        rest += "; more than that may be permitted: not all of it could be looked up"
    return escape(f"permits {' and '.join(found) or 'no address by name'}{rest}")


def tables_of(report: Report) -> Iterator[Table]:
    """The tables of a document; none where there is no one record, or it is not known."""
    hosts, senders = report.fact(SpfHosts), report.fact(SenderTests)
    if isinstance(hosts, SpfHosts):
        yield _whole_or_cut(tree_table(rows_of(hosts)[: MOST_ROWS + 1], step="· "))
        yield _network_table(hosts)
        found = overlaps(hosts)
        if found:
            yield _whole_or_cut(overlap_table(found[: MOST_ROWS + 1]))
    for test in senders.tests if isinstance(senders, SenderTests) else ():
        yield _step_table(test)


def _whole_or_cut(table: Table) -> Table:
    if len(table.rows) <= MOST_ROWS:
        return table
    legend = "; ".join(part for part in (table.legend, f"only the first {MOST_ROWS} rows are shown") if part)
    return Table(table.headers, table.rows[:MOST_ROWS], legend, table.head, table.right)


def _network_table(hosts: SpfHosts) -> Table:
    rows = tuple((str(one.network), _named_by(one)) for one in permitted(hosts)[: MOST_ROWS + 1])
    return _whole_or_cut(Table(("network", "named by"), rows, permits(hosts)))


def _step_table(test: SenderTest) -> Table:
    """What a receiver makes of a sender: each step, and below them the result and the second opinion."""
    found = test.evaluation
    rows = tuple(
        (
            f"{'· ' * min(step.level, DEEPEST)}{cut_middle(escape(step.term.text), _TERM)}",
            mark_of(step.matched),
            escape(step.why),
        )
        for step in found.steps[:MOST_STEPS]
    )
    said = [f"{test.client.address}, MAIL FROM {test.client.sender}: {found.result} ({found.why}), {spent(test)}"]
    said += [text] if (text := disagreement(test)) else []
    said += [f"HELO {test.client.helo}: {test.helo.result} ({test.helo.why})"] if test.helo else []
    return Table(
        (f"{test.client.address}", "match", "why"), rows, escape(". ".join(part.rstrip(".") for part in said)), head=1
    )


def mark_of(matched: bool | None) -> str:  # noqa: FBT001 - what a step says
    """The mark of a step: it matched, it did not, it leads on."""
    return "✓" if matched else "–" if matched is None else "✗"


def spent(test: SenderTest) -> str:
    """What the evaluation cost."""
    found = test.evaluation
    return f"{found.lookups}/{MAX_LOOKUPS} lookups, {found.voids}/{MAX_VOIDS} of them empty"
