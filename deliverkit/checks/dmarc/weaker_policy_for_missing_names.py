"""The policy for subdomains that do not exist (``np``) is weaker than that for those that do.

## Why it matters
Nobody sends in good faith from a name that does not exist. It is what forgers make up, and here receivers ask less of
it than of any other.

## Example
```zone
$ORIGIN gap.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; np=none; rua=mailto:dmarc@gap.example"
```

## Use instead
```zone
$ORIGIN gap.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@gap.example"
```

## References
- RFC 9989 §4.7: np holds for names that do not exist; without it sp does, and without that p.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc


@check("DMARC022", severity=Severity.WARNING, references=(rfc(9989, "4.7"),), since="0.1")
def weaker_policy_for_missing_names(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Below what it would fall back to."""
    yield from without_record(found)
    text = found.published
    if text is None or text.record.falls_back or "np" not in text.record.policies:
        return
    record = text.record
    missing, existing = record.policies["np"], record.policies.get("sp", record.policies["p"])
    tag = record.get("np")
    if missing < existing and tag is not None:
        yield Finding(
            f"{found.policy_domain} asks for {missing.word} where a subdomain does not exist, and for {existing.word} "
            "where it does",
            (tag_evidence(text, record, "np"),),
            replacement(
                found,
                text,
                rewritten(record, without=[tag.span]),
                "take np out: no mail of yours comes from such names",
            ),
        )
