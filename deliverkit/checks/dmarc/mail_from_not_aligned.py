"""The MAIL FROM of the domain's mail is not aligned with it, and nothing known of DKIM makes up for that.

## Why it matters
DMARC passes where SPF or DKIM passes for a domain that belongs to the one in From. Where the service that sends uses a
MAIL FROM of its own, its SPF counts for nothing there, and DMARC rests on a DKIM signature in the domain's own name.

## Example
```world
target = "shop.example"
mail_from = "bounces@esp.example"

[[zones]]
origin = "shop.example"
text = '''
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@shop.example"
'''
```

## Use instead
```world
target = "shop.example"
mail_from = "bounces@send.shop.example"

[[zones]]
origin = "shop.example"
text = '''
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@shop.example"
'''
```

## References
- RFC 9989 §4.4: which domains are aligned, relaxed and strict.
- RFC 9989 §7.4: a domain with p=reject must not rely on SPF alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, tag_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.alignment import AlignedDomains, ExpectedIdentifier, IdentifierKind, SigningEvidence
from deliverkit.facts.dkim import DkimKeys, KeyState
from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.dmarc.record import Alignment
from deliverkit.standards.names import is_within


@check("DMARC025", severity=Severity.WARNING, references=(rfc(9989, "4.4"), rfc(9989, "7.4")), since="0.1")
def mail_from_not_aligned(
    found: DmarcDiscovery, aligned: AlignedDomains, evidence: SigningEvidence
) -> Iterator[Finding | Absent]:
    """What the DNS alone can say: whether a message passes, only the message shows."""
    text, envelope = found.published, aligned.of(IdentifierKind.MAIL_FROM)
    if not envelope or text is None:
        yield not_applicable("no MAIL FROM is given: --from, or mail_from in deliverkit.toml")
        return
    signing = aligned.of(IdentifierKind.DKIM)
    if any(one.is_aligned is None for one in (*envelope, *signing)):
        yield unknown("what stands above the expected domains could not be looked up")
    elif aligned.is_by_dkim_alone:
        yield from _judged(found, text, aligned, evidence)
    elif envelope[0].is_aligned_by_list is False and not any(one.is_aligned_by_list for one in signing):
        said = f"receivers by RFC 7489 do not take MAIL FROM in {envelope[0].domain} as aligned with {found.domain}"
        yield Finding(said, (tag_evidence(text, text.record, "aspf"),), _signing(found.domain), Severity.NOTE)


def _judged(
    found: DmarcDiscovery, text: DmarcText, aligned: AlignedDomains, evidence: SigningEvidence
) -> Iterator[Finding | Absent]:
    [envelope] = aligned.of(IdentifierKind.MAIL_FROM)
    signing = [one.domain for one in aligned.of(IdentifierKind.DKIM)]
    untold = [] if signing else list(_untold(found.domain, evidence.keys))
    yield from untold
    if untold:
        return
    rest = f"d= {listed(signing)} is not either" if signing else f"{found.domain} has no DKIM key"
    yield Finding(
        f"MAIL FROM in {envelope.domain} is not aligned with {found.domain}, and {rest}: nothing known makes such mail"
        " pass DMARC",
        (tag_evidence(text, text.record, "aspf", _note(aligned)),),
        _fix(found, text, aligned, envelope),
        Severity.ERROR if signing else Severity.WARNING,  # a name below may sign, and no look at the DNS finds that
    )


def _untold(domain: str, keys: DkimKeys | Absent) -> Iterator[Absent]:
    """Why it is not known that nothing signs in the domain's name."""
    if isinstance(keys, Absent):
        yield keys
    elif not keys.is_bare:
        is_good = any(key.state is KeyState.GOOD for key in keys.keys)
        there = "has DKIM keys" if is_good else "may have DKIM keys that were not found"
        yield unknown(f"{domain} {there}: a message shows whether it is signed with one, --selector says so")


def _note(aligned: AlignedDomains) -> str:
    if aligned.rule.mode(IdentifierKind.MAIL_FROM) is Alignment.STRICT:
        return f"{aligned.domain} alone is aligned"
    return f"aligned are {aligned.rule.organizational_domain} and the names below it"


def _fix(found: DmarcDiscovery, text: DmarcText, aligned: AlignedDomains, envelope: ExpectedIdentifier) -> Fix:
    """Relaxed where that is all that is missing and the record is the domain's own; else a signature."""
    is_strict = aligned.rule.mode(IdentifierKind.MAIL_FROM) is Alignment.STRICT
    tag = text.record.get("aspf")
    if not is_strict or tag is None or not is_within(envelope.domain, aligned.rule.organizational_domain):
        return _signing(found.domain)
    action = "take aspf=s out, so that names below are aligned, too; or sign with DKIM in the domain's own name"
    return replacement(found, text, rewritten(text.record, without=(tag.span,)), action)


def _signing(domain: str) -> Fix:
    return Fix(
        f"have the service sign with DKIM as d={domain}, which most offer as domain authentication, or use a MAIL FROM"
        f" of your own, such as bounces.{domain}"
    )
