"""Redacted cases: names and addresses replaced by stable tokens, so that a case can be shown to strangers.

The tokens are keyed: with one key a name has the same token in every case, so that two redacted cases can be
compared; without the key nobody gets back to the name by trying names. What the checks look at stays, so that the
redacted case is judged as the plain one is: label by label, network by network, public suffixes, providers.
Figures stay too: times, TTLs, preferences.
"""

from __future__ import annotations

from dataclasses import replace

from deliverkit.case import Case
from deliverkit.observations import Answer, ExtendedError, ResourceRecord
from deliverkit.redaction.addresses import Addresses
from deliverkit.redaction.names import Names
from deliverkit.redaction.texts import Texts
from deliverkit.redaction.tokens import Tokens


def redact(case: Case, key: bytes) -> Case:
    """The case with tokens in place of names, addresses and all text that is not known to be public."""
    tokens = Tokens(key)
    addresses = Addresses(key)
    names = Names(tokens, addresses, tuple(case.answers.values()))
    texts = Texts(tokens, addresses, names)
    answers = [_answer(answer, names, texts) for answer in case.answers.values()]
    return replace(
        case,
        domains=tuple(names.redact(domain) for domain in case.domains),
        answers={answer.query: answer for answer in answers},
    )


def _answer(answer: Answer, names: Names, texts: Texts) -> Answer:
    """Field by field: one that is added later stays out until somebody has thought of it here."""
    return Answer(
        name=names.redact(answer.name),
        rdtype=answer.rdtype,
        status=answer.status,
        records=tuple(_record(record, names, texts) for record in answer.records),
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
