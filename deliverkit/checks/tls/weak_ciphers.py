"""A mail host takes weak cipher suites.

## Why it matters
Without encryption (NULL), or with RC4, DES or keys of 40 bits (EXPORT), what is sent can be read; the standards forbid
these suites or advise against them. Whoever can do better agrees on something better, so on port 25 it is a blemish and
no more: to a sender that cannot, plain text would be all that is left, which only NULL is not better than. On a
submission port passwords go through it, and it is a warning.

Suites without a certificate (anonymous) are none of these. On port 25 most senders look at no certificate anyway, and
Postfix takes such suites from whoever offers them, which lets it tell senders that look at certificates from those that
do not. On a submission port no mail program should offer them: it would talk to anybody, and that is a note.

It is known only where `--ciphers` has each suite asked for.

## Example
```world
like = "smtp-good"
ciphers = true

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
ciphers = "ECDHE+AESGCM:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"
```

## Use instead
```world
like = "smtp-good"
ciphers = true

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
ciphers = "ECDHE+AESGCM"
```

## References
- RFC 9325 §4.1: suites without encryption, with RC4 or with fewer than 112 bits must not be used.
- RFC 7465 §2: RC4 must not be used.
- RFC 7435 §3: where nothing is demanded, weak encryption is better than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from deliverkit.checks.registry import check
from deliverkit.checks.tls.hellos import ending_words, hello_words, words_of
from deliverkit.checks.wording import count, joined
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.smtp.target import SUBMISSION_PORT, SUBMISSIONS_PORT

if TYPE_CHECKING:
    from deliverkit.facts.smtp_host import SmtpHost
    from deliverkit.facts.tls_version import TlsVersion
    from deliverkit.standards.tls.suites import CipherSuite

_SUBMISSION = frozenset({SUBMISSION_PORT, SUBMISSIONS_PORT})
_IN_WORDS = {"NULL": "no encryption (NULL)", "EXPORT": "keys of 40 bits (EXPORT)"}
_FOR_OPENSSL = {"NULL": "eNULL"}  # others go by the same word
_MOST_SHOWN = 12  # suites


@check("TLS012", severity=Severity.WARNING, references=(rfc(9325, "4.1"), rfc(7465, "2"), rfc(7435, "3")), since="0.1")
def weak_ciphers(protocols: TlsProtocols) -> Iterator[Finding | Absent]:
    """Each host that takes weak suites, and each submission port that takes anonymous ones."""
    if not protocols.has_ciphers:
        yield not_applicable("the cipher suites were not asked for")
    elif not protocols.hosts:
        yield not_applicable("no host speaks TLS")
    for versions in protocols.hosts if protocols.has_ciphers else ():
        host, taken = versions[0].conversation.host, _taken(versions)
        weak = [one for one in taken if one.weaknesses]
        anonymous = [one for one in taken if not one.is_authenticated and not one.weaknesses]
        yield from _untold(versions)
        if weak:
            yield _weak(host, weak, versions)
        if anonymous and host.port in _SUBMISSION:
            yield _anonymous(host, anonymous, versions)


def _taken(versions: Sequence[TlsVersion]) -> list[CipherSuite]:
    from deliverkit.standards.tls.suites import BY_NUMBER  # which few runs need

    numbers = dict.fromkeys(number for one in versions for number in one.suites)
    return [BY_NUMBER[number] for number in numbers if number in BY_NUMBER]


def _weak(host: SmtpHost, weak: Sequence[CipherSuite], versions: Sequence[TlsVersion]) -> Finding:
    why = list(dict.fromkeys(word for one in weak for word in one.weaknesses))
    is_submission = host.port in _SUBMISSION
    comfort = "" if is_submission else ", though every sender that can do better does"
    exclude = joined([_FOR_OPENSSL.get(word, word) for word in why])
    return Finding(
        f"{host.endpoint} takes {_count(weak, 'weak')}: {joined([_IN_WORDS.get(word, word) for word in why])}{comfort}",
        _evidence(host, weak, versions),
        Fix(f"have the host refuse them (Postfix: add {exclude} to what smtpd_tls_exclude_ciphers names already)"),
        Severity.WARNING if is_submission else Severity.NOTE,
    )


def _anonymous(host: SmtpHost, found: Sequence[CipherSuite], versions: Sequence[TlsVersion]) -> Finding:
    return Finding(
        f"{host.endpoint} takes {_count(found, 'anonymous')}, with which a mail program could not tell it from anybody",
        _evidence(host, found, versions),
        Fix(
            "have the submission port refuse them (Postfix: add aNULL to what smtpd_tls_exclude_ciphers names already, "
            "for that service in master.cf)"
        ),
        Severity.NOTE,
    )


def _count(found: Sequence[CipherSuite], manner: str) -> str:
    return count(len(found), f"{manner} cipher suite")


def _evidence(host: SmtpHost, found: Sequence[CipherSuite], versions: Sequence[TlsVersion]) -> tuple[Evidence, ...]:
    shown = [
        Evidence(f"{host.endpoint}: {one.name}", note=f"in {joined(_versions_with(one, versions))}")
        for one in found[:_MOST_SHOWN]
    ]
    more = len(found) - len(shown)
    return (*shown, *((Evidence(f"{host.endpoint}: {more} more"),) if more else ()))


def _versions_with(suite: CipherSuite, versions: Sequence[TlsVersion]) -> list[str]:
    from deliverkit.standards.tls.suites import version_name  # which few runs need

    return [version_name(one.version) for one in versions if suite.number in one.suites]


def _untold(versions: Sequence[TlsVersion]) -> Iterator[Absent]:
    for one in versions:
        if one.is_spoken is None:
            yield unknown(f"{words_of(one)}: {hello_words(one.conversation)}")
        elif one.is_spoken and not one.is_whole:
            yield unknown(f"{words_of(one)}: {ending_words(one)}")
