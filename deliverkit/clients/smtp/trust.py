"""Whether a chain of certificates leads to a root that is trusted, at a moment that is given; the name apart."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from deliverkit.clients.smtp.provisions import Trust

if TYPE_CHECKING:
    from cryptography.x509 import BasicConstraints, Certificate, ExtendedKeyUsage
    from cryptography.x509.verification import ClientVerifier, Policy, Store

MOST_CERTIFICATES = 16  # of a chain that is looked at


def complaint(trust: Trust, chain: Sequence[bytes]) -> str:
    """Why no chain leads from the first certificate to a root, as a clause; empty: one does."""
    if not chain:
        return "the host sent no certificate"
    try:
        sent = _read(chain[:MOST_CERTIFICATES])
    except ValueError:
        return "a certificate cannot be read"
    store = _store(trust.roots)
    return _complaint(trust, sent, store) if store else "this machine has no root certificates to judge by"


def _complaint(trust: Trust, sent: Sequence[Certificate], store: Store) -> str:
    from cryptography.x509.verification import VerificationError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _verifier(store, trust.moment).verify(sent[0], list(sent[1:]))
    except (VerificationError, ValueError) as error:
        return next(_reasons(trust, sent), f"it is not accepted: {error}")
    return ""


def _reasons(trust: Trust, sent: Sequence[Certificate]) -> Iterator[str]:
    """What is wrong with a chain that was not accepted, the plainest first."""
    first = sent[0]
    for certificate in sent:
        which = "it" if certificate is first else f"the certificate of {_name(certificate.subject)} above it"
        if certificate.not_valid_after_utc < trust.moment:
            yield f"{which} expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
        if certificate.not_valid_before_utc > trust.moment:
            yield f"{which} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"
    if first.subject == first.issuer:
        yield "it is signed by itself and by no authority"
    last = _top(sent)
    if last.issuer not in _subjects(trust.roots):
        unknown = f"not in {trust.name}" if trust.name else "not known here"
        yield f"its issuer {_name(last.issuer)} is {unknown}, and the host sent no certificate that leads on"


def _top(sent: Sequence[Certificate]) -> Certificate:
    """The last certificate on the way up from the first, among those that were sent."""
    by_subject = {certificate.subject: certificate for certificate in sent[1:]}
    top, seen = sent[0], 0
    while top.issuer in by_subject and by_subject[top.issuer] is not top and seen < len(sent):
        top, seen = by_subject[top.issuer], seen + 1
    return top


def _name(name: object) -> str:
    """A subject's or issuer's common name, else all of it."""
    from cryptography.x509 import Name, NameOID

    assert isinstance(name, Name)
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string() or "without a name"


def _read(chain: Iterable[bytes]) -> list[Certificate]:
    from cryptography.x509 import load_der_x509_certificate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a certificate should not hold
        return [load_der_x509_certificate(one) for one in chain]


@lru_cache(maxsize=8)
def _certificates(roots: bytes) -> tuple[Certificate, ...]:
    from cryptography.x509 import load_pem_x509_certificates

    if roots:
        return tuple(load_pem_x509_certificates(roots))
    import ssl

    return tuple(_read(ssl.create_default_context().get_ca_certs(binary_form=True)))


@lru_cache(maxsize=8)
def _subjects(roots: bytes) -> frozenset[object]:
    return frozenset(certificate.subject for certificate in _certificates(roots))


@lru_cache(maxsize=8)
def _store(roots: bytes) -> Store | None:
    from cryptography.x509.verification import Store

    found = _certificates(roots)
    return Store(list(found)) if found else None


def _verifier(store: Store, moment: datetime) -> ClientVerifier:
    """A verifier that looks at signatures, times and purposes, and, other than for the web, at nothing else."""
    from cryptography.x509 import BasicConstraints, ExtendedKeyUsage
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder

    authority = ExtensionPolicy.permit_all().require_present(BasicConstraints, Criticality.AGNOSTIC, _may_sign)
    host = ExtensionPolicy.permit_all().may_be_present(ExtendedKeyUsage, Criticality.AGNOSTIC, _is_for_servers)
    return (
        PolicyBuilder()
        .store(store)
        .time(moment.astimezone(UTC).replace(tzinfo=None))
        .extension_policies(ca_policy=authority, ee_policy=host)
        .build_client_verifier()
    )


def _may_sign(_: Policy, __: Certificate, constraints: BasicConstraints) -> None:
    if not constraints.ca:  # RFC 5280 §4.2.1.9
        raise ValueError("a certificate above it is no authority's")


def _is_for_servers(_: Policy, __: Certificate, usage: ExtendedKeyUsage | None) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    wanted = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if usage is not None and not wanted & set(usage):  # RFC 5280 §4.2.1.12
        raise ValueError("it is not for servers")
