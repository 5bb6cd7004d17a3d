"""An SPF record says nothing of senders that it does not name.

## Why it matters
With `?all`, or with no `all` and no `redirect`, mail of strangers gets "neutral", as if there were no record: nothing
protects the domain.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 ?all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 ~all"
```

## References
- RFC 7208 §8.2: neutral is treated as no result.
- RFC 7208 §4.7: where nothing matches and no redirect stands, the result is neutral.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import amended, replaced, term_evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Evidence, Finding, Severity, rfc


@check("SPF007", severity=Severity.WARNING, references=(rfc(7208, "8.2"), rfc(7208, "4.7")), since="0.1")
def neutral_about_others(found: SpfRecord) -> Iterator[Finding]:
    """The record ends in ?all, or in nothing."""
    record, last = found.record, found.record.all
    message = f"the SPF record of {found.domain} says nothing of senders that it does not name"
    if last is not None and last.qualifier == "?":
        fix = replaced(found, last, "~all", "end the record with ~all once every sender is named")
        yield Finding(message, term_evidence(found, last, "neutral: as if there were no record"), fix)
    elif last is None and record.modifier("redirect") is None and not record.faults:
        fix = amended(found, f"{record.text.rstrip(' ')} ~all", "end the record with ~all once every sender is named")
        yield Finding(message, (Evidence(record.text[:200], note="has no all at its end"),), fix)
