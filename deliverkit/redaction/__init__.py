"""Redacted cases: names and addresses replaced by stable tokens, so that a case can be shown to strangers.

The tokens are keyed: with one key a name has the same token in every case, so that two redacted cases can be
compared; without the key nobody gets back to the name by trying names. What the checks look at stays, so that the
redacted case is judged as the plain one is: label by label, network by network, public suffixes, providers.
Figures stay too: times, TTLs, preferences. Where this machine was tried, what it was tried with is public and stays.
What was said with mail hosts is left out.
"""

from __future__ import annotations

from collections.abc import Collection

from deliverkit.case import Case
from deliverkit.classes import replace
from deliverkit.knowledge.controls import bogus_names, control_names
from deliverkit.observations import Answer, ExtendedError, ResourceRecord
from deliverkit.observations.https import HttpExchange, HttpRequest
from deliverkit.probes.made_up import made_up_label
from deliverkit.redaction.addresses import Addresses, parse_plain
from deliverkit.redaction.certificates import Certificates
from deliverkit.redaction.keys import Keys
from deliverkit.redaction.names import Names
from deliverkit.redaction.texts import Texts
from deliverkit.redaction.tokens import Tokens
from deliverkit.redaction.transcripts import Transcripts, public_words
from deliverkit.standards.addresses import unroutable_kind


def redact(case: Case, key: bytes) -> Case:
    """The case with tokens in place of names, addresses and all text that is not known to be public."""
    tokens = Tokens(key)
    addresses = Addresses(key)
    names = Names(tokens, addresses, tuple(case.answers.values()))
    mailbox = case.mail_from.rpartition("@")
    names.know(case.senders, [*case.domains, mailbox[2], case.helo, *case.signing_identities])
    texts = Texts(tokens, addresses, names)
    tried = control_names() if case.resolvers or case.connections else frozenset()
    public = tried | frozenset(bogus.name for bogus in bogus_names())
    names.keep({name: name for name in public})
    names.keep({_made_up(server): _made_up(texts.text(server)) for server in case.resolvers})
    spoken = Texts(tokens, addresses, names, public_words())
    talks = Transcripts(names, addresses, spoken, Certificates(key, names, addresses, spoken))
    transcripts = [talks.redact(transcript) for transcript in case.transcripts.values()]
    shakes = [one.handshake for one in case.transcripts.values() if one.handshake]
    texts.know_digests(
        pair for shake in shakes for one in shake.certificates for pair in talks.certificates.digests(one)
    )
    answers = [_answer(answer, names, texts, public) for answer in case.answers.values()]
    return replace(
        case,
        domains=tuple(names.redact(domain) for domain in case.domains),
        answers={answer.query: answer for answer in answers},
        resolvers=tuple(texts.text(server) for server in case.resolvers),
        selectors=tuple(_selector(selector, names) for selector in case.selectors),
        signing_key=Keys(key).redact(case.signing_key),
        transcripts={transcript.call: transcript for transcript in transcripts},
        conversing=talks.conversing(case.conversing),
        targets=tuple(talks.text(target) for target in case.targets),
        senders=tuple(addresses.redact(address) for address in case.senders),
        mail_from=f"{names.below(mailbox[0])}@{names.redact(mailbox[2])}" if mailbox[2] else "",
        helo=names.redact(case.helo),
        signing_identities=tuple(map(names.redact, case.signing_identities)),
        exchanges=_exchanges(case, names, texts),
        preflight={},  # it holds names, and digests of what they answer
    )


def _exchanges(case: Case, names: Names, texts: Texts) -> dict[tuple[str, str], HttpExchange]:
    shown = [_exchange(exchange, names, texts) for exchange in case.exchanges.values()]
    return {(exchange.request.host, exchange.request.path): exchange for exchange in shown}


def _exchange(exchange: HttpExchange, names: Names, texts: Texts) -> HttpExchange:
    """Field by field, as with answers. The path is that of the standard."""
    request = exchange.request
    addresses = tuple(texts.data("A", address) for address in request.addresses)
    return HttpExchange(
        request=HttpRequest(names.redact(request.host), request.path, addresses),
        end=exchange.end,
        address=texts.data("A", exchange.address) if exchange.address else "",
        code=exchange.code,
        media_type=exchange.media_type.partition(";")[0],
        location=texts.text(exchange.location),
        body=texts.policy(exchange.body),
        fault=exchange.fault,
        names=tuple(names.redact(name) for name in exchange.names),
        until=exchange.until,
        detail=texts.text(exchange.detail),
        elapsed=exchange.elapsed,
    )


def _made_up(server: str) -> str:
    """The name that a resolver was asked to deny."""
    return f"{made_up_label(server)}.com"


def _selector(text: str, names: Names) -> str:
    """The selector that stands for this one, which may be written as the whole name of its record."""
    if "._domainkey." in text:
        return names.redact(text)
    return names.redact(f"{text}._domainkey.domain.example").partition("._domainkey.")[0]


def _answer(answer: Answer, names: Names, texts: Texts, public: Collection[str]) -> Answer:
    """Field by field: one that is added later stays out until somebody has thought of it here.

    The global addresses of a public control stay: which of them was connected to is told by their order.
    """
    records = tuple(_record(record, names, texts) for record in answer.records)
    if answer.name in public:
        pairs = zip(answer.records, records, strict=True)
        records = tuple(shown._replace(data=record.data) if _is_global(record) else shown for record, shown in pairs)
    return Answer(
        name=names.redact(answer.name),
        rdtype=answer.rdtype,
        status=answer.status,
        records=records,
        aliases=tuple(_record(record, names, texts) for record in answer.aliases),
        soa=_record(answer.soa, names, texts) if answer.soa else None,
        authoritative=answer.authoritative,
        authenticated=answer.authenticated,
        checking_disabled=answer.checking_disabled,
        extended_errors=tuple(ExtendedError(error.code, texts.text(error.text)) for error in answer.extended_errors),
        server=texts.text(answer.server),
        elapsed=answer.elapsed,
        at=answer.at._replace(server=texts.text(answer.at.server)),
        referral=tuple(_record(record, names, texts) for record in answer.referral),
    )


def _record(record: ResourceRecord, names: Names, texts: Texts) -> ResourceRecord:
    data = texts.data(record.rdtype, record.data)
    return ResourceRecord(names.redact(record.name), record.rdtype, record.ttl, data)


def _is_global(record: ResourceRecord) -> bool:
    address = parse_plain(record.data)
    return address is not None and unroutable_kind(address) is None
