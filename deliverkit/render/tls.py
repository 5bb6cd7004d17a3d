"""TLS on the way to a domain's hosts: six verdicts for each address, why, the certificates, and what was spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.checks.smtp.wording import bounded, version_words
from deliverkit.checks.tls.hellos import ending_words, hello_words
from deliverkit.checks.tls.wording import Word, certificate_of, names_of, verdicts
from deliverkit.facts.dealings import DaneSenders, StsSenders
from deliverkit.facts.ruling import Does, Fault, Ruling
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.tls import TlsProtocols
from deliverkit.facts.tls_version import Order, Spoken, TlsVersion
from deliverkit.model import Absent, Outcome
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import escape, wrap
from deliverkit.render.tls_dns import dns_side, dns_side_in_short
from deliverkit.report import Report
from deliverkit.standards.certificates import Certificate
from deliverkit.standards.tls.suites import BY_NUMBER, suite_name, version_name

_LEGEND = "offered: {}; DANE, MTA-STS: what a sender does that knows it"
_FALLING = "; falls back: demands nothing, takes TLS with any certificate"
_CHOOSES = {Order.OWN: ", which is its own", Order.CLIENT: "; it chooses by the sender's", Order.UNKNOWN: ""}
Senders = tuple[str, Conversation, Ruling]
Told = tuple[Conversation, tuple[str, ...]]


def render_tls(report: Report, look: Look) -> str:
    """The report as the ``tls`` command shows it: verdicts, tables, findings, figures."""
    return framed(report, look, _blocks(report, look))


def tables_of(report: Report) -> list[Table]:
    """All the tables; none where it was not asked what senders do, or no host was spoken to."""
    held = held_of(report)
    return [
        table
        for table in (
            _published(report),
            _hosts(report),
            _why(_every(report), held),
            certificates(held),
            _spoken(report),
            *_ciphers(report),
        )
        if table.rows
    ]


def held_of(report: Report) -> tuple[Conversation, ...]:
    """The conversations, where it was asked what senders do that know DANE or MTA-STS."""
    found = report.fact(Conversations)
    is_asked = StsSenders in report.facts or isinstance(report.fact(DaneSenders), DaneSenders)
    return found.held if is_asked and isinstance(found, Conversations) else ()


def rulings_of(report: Report) -> Iterator[tuple[Conversation, Ruling | Absent, Ruling | Absent]]:
    """Each conversation with what a DANE sender and what an MTA-STS sender does there, or why that is not known."""
    dane, policy = report.fact(DaneSenders), report.fact(StsSenders)
    for number, one in enumerate(held_of(report)):
        yield (
            one,
            dane if isinstance(dane, Absent) else dane.dealings[number].ruling,
            policy if isinstance(policy, Absent) else policy.dealings[number].ruling,
        )


def _published(report: Report) -> Table:
    """What the DNS says, where it was asked what senders do."""
    return dns_side(report) if held_of(report) else Table((), ())


def _blocks(report: Report, look: Look) -> Iterator[str]:
    held = held_of(report)
    is_all = look.detail is Detail.EVERYTHING
    told = [one for one in _every(report) if is_all or not _is_told_below(one[2])]
    is_whole = is_all or look.width is None
    published = dns_side(report) if is_whole else dns_side_in_short(report)
    for table in (published, _hosts(report), _why(told, held), certificates(held), _spoken(report), *_ciphers(report)):
        if table.rows:
            legend = (
                [look.paint(wrap(table.legend, look.columns, first="  ", rest="  "), "dim")] if table.legend else []
            )
            yield "\n".join([lay_out(table, look), *legend])


def _is_told_below(ruling: Ruling) -> bool:
    """Whether there is nothing to tell, or the verdict and a finding tell it whole: that TLS is missing."""
    is_bare = ruling.does is Does.IN_THE_CLEAR and ruling.fault is Fault.NONE  # nothing demands it
    return ruling.does is Does.DELIVERS or is_bare or (ruling.is_deferral and ruling.fault is Fault.TLS)


def _hosts(report: Report) -> Table:
    headers = ("exchange", "address", "offered", "TLS", "chain", "name", "DANE", "MTA-STS")
    rows = []
    previous = ""
    for one, dane, policy in rulings_of(report):
        host = one.host
        is_same, previous = previous == host.name, host.name
        found = verdicts(one)
        rows.append(
            (
                "" if is_same else escape(host.name),
                host.address,
                _mark(found.advertised),
                _shaken(one, found.handshake),
                _mark(found.chain),
                _mark(found.name),
                _does(dane),
                _does(policy),
            )
        )
    offered = "TLS from the start" if any(one.is_implicit_tls for one in held_of(report)) else "STARTTLS"
    is_falling = any(row[-1] == Does.FALLS_BACK or row[-2] == Does.FALLS_BACK for row in rows)
    return Table(headers, tuple(rows), f"{_LEGEND.format(offered)}{_FALLING if is_falling else ''}")


def _mark(word: Word) -> str:
    return "–" if word.is_good is None else "✓" if word.is_good else "✗"


def _shaken(one: Conversation, word: Word) -> str:
    shake = one.transcript.handshake
    return version_words(shake.version).removeprefix("TLS ") if shake and word.is_good else _mark(word)


def _does(ruling: Ruling | Absent) -> str:
    if isinstance(ruling, Absent):
        return "–" if ruling.outcome is Outcome.NOT_APPLICABLE else "? cannot tell"
    marks = {Does.DEFERS: "✗ ", Does.CANNOT_TELL: "? "}
    return f"{marks.get(ruling.does, '')}{ruling.does}"


def _every(report: Report) -> list[Senders]:
    """Each ruling, with the sender's sort; one that rests on no host is told once, of the first."""
    found: list[Senders] = []
    for one, dane, policy in rulings_of(report):
        for sort, ruling in (("DANE", dane), ("MTA-STS", policy)):
            if not isinstance(ruling, Absent):
                found.append((sort, one, ruling))
    return sorted(found, key=lambda each: each[0])


def _why(told: list[Senders], held: Sequence[Conversation]) -> Table:
    """Why senders do what they do; what is the same at all addresses of a host stands there once."""
    found = [(one, (sort, str(ruling.does), escape(bounded(ruling.reason)))) for sort, one, ruling in told]
    rows = [(cells[0], *place, *cells[1:]) for *place, cells in _by_host(found, held)]
    return _at_addresses(Table(("sender", "exchange", "address", "does", "because"), tuple(rows), head=4))


def certificates(held: tuple[Conversation, ...]) -> Table:
    """Each certificate that a host showed as its own, once, and at which addresses where it is not at all of them."""
    found = [(one, _cells(own)) for one in held if (own := certificate_of(one)) is not None]
    rows = [(*place, *cells) for *place, cells in _by_host(found, [one for one, _ in found])]
    headers = ("exchange", "address", "certificate for", "issuer", "valid until", "key", "signature")
    return _at_addresses(Table(headers, tuple(rows), head=3))


def _by_host(found: Sequence[Told], held: Iterable[Conversation]) -> list[tuple[str, str, tuple[str, ...]]]:
    """The host, the addresses of which it is said, none where it is of all that were spoken to, and what is said."""
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one, cells in found:
        grouped.setdefault((one.host.name, cells), []).append(one.host.address)
    every: dict[str, set[str]] = {}
    for one in held:
        every.setdefault(one.host.name, set()).add(one.host.address)
    return [
        (escape(name), "" if set(at) == every[name] else ", ".join(dict.fromkeys(at)), cells)
        for (name, cells), at in grouped.items()
    ]


def _at_addresses(table: Table) -> Table:
    """The table, without its column of addresses where nothing stands in it."""
    place = table.headers.index("address")
    if any(row[place] for row in table.rows):
        return table
    headers, *rows = ((*row[:place], *row[place + 1 :]) for row in (table.headers, *table.rows))
    return Table(headers, tuple(rows), table.legend, table.head - 1)


def _cells(own: Certificate) -> tuple[str, ...]:
    until = f"{own.not_after:%Y-%m-%d}"
    return (escape(names_of(own)), escape(bounded(own.issuer)), until, own.key, own.signature.upper())


def _spoken(report: Report) -> Table:
    """What was agreed on in each handshake, and the name that was asked for (SNI, RFC 6066 §3)."""
    found = report.fact(TlsProtocols)
    if isinstance(found, TlsProtocols):
        told = [(one.conversation, _tried(one)) for host in found.hosts for one in host]
    else:
        told = [(one, _agreed(one)) for one in held_of(report) if one.is_secured]
    rows = [(*place, *cells) for *place, cells in _by_host(told, [one for one, _ in told])]
    headers = ("exchange", "address", "asked for (SNI)", "protocol", "cipher")
    return _at_addresses(Table(headers, tuple(rows), head=3))


def _agreed(one: Conversation) -> tuple[str, ...]:
    shake = one.transcript.handshake
    assert shake is not None
    return _asked_for(one), version_words(shake.version), shake.cipher


def _tried(tried: TlsVersion) -> tuple[str, ...]:
    """The version, and the suite that the host takes of all; a hello asks for the host by its name."""
    one = tried.conversation
    name = escape(one.host.name) if one.host.is_named and not one.host.is_socket else "none"
    if tried.is_spoken:
        return name, version_name(tried.version), suite_name(tried.suites[0])
    mark = "?" if tried.spoken is Spoken.CANNOT_TELL else f"– {tried.spoken}:"
    return name, version_name(tried.version), escape(f"{mark} {hello_words(one)}")


def _asked_for(one: Conversation) -> str:
    shake = one.transcript.handshake
    is_name = shake is not None and shake.server_name not in {"", one.host.address}  # RFC 6066 §3: no address
    return escape(shake.server_name) if shake and is_name else "none"


def _ciphers(report: Report) -> list[Table]:
    """For each host and version every suite that it takes, the one that it takes first at the top."""
    found = report.fact(TlsProtocols)
    asked = found.hosts if isinstance(found, TlsProtocols) and found.has_ciphers else ()
    return [_suites(one) for host in asked for one in host if one.is_spoken]


def _suites(one: TlsVersion) -> Table:
    exchange = one.conversation.host.name or one.conversation.host.address
    rows = [(suite_name(number), _remark(number)) for number in one.suites]
    more = [] if one.is_whole else [("… perhaps more", escape(ending_words(one)))]
    headers = (f"{escape(exchange)}, {version_name(one.version)}", "remark")
    return Table(headers, (*rows, *more), f"in the order in which the host takes them{_CHOOSES[one.order]}")


def _remark(number: int) -> str:
    suite = BY_NUMBER.get(number)
    if suite is None:
        return ""
    if suite.weaknesses:
        return f"weak: {', '.join(suite.weaknesses)}"
    anonymous = [] if suite.is_authenticated else ["anonymous: no certificate"]
    secrecy = [] if suite.has_forward_secrecy else ["no forward secrecy"]
    return "; ".join([*anonymous, *secrecy])
