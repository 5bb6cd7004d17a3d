"""Terms stand after the all of an SPF record, where nobody ever comes to them.

## Why it matters
The senders that they name are not permitted, whatever the writer meant.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all ip4:11.0.2.25"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 ip4:11.0.2.25 -all"
```

## References
- RFC 7208 §5.1: mechanisms after all are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import amended, evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, Span, rfc


@check("SPF014", severity=Severity.WARNING, references=(rfc(7208, "5.1"),), since="0.1")
def terms_after_all(found: SpfRecord) -> Iterator[Finding]:
    """A mechanism stands behind the first all."""
    record, last = found.record, found.record.all
    late = record.mechanisms[len(record.reached) :]
    if last is None or not late:
        return
    text = f"{record.text[: last.span.start]}{' '.join(term.text for term in late if term.name != 'all')}"
    rest = [term.text for term in record.modifiers if term.span.start > last.span.start]
    yield Finding(
        f"{len(late)} {'term stands' if len(late) == 1 else 'terms stand'} after {last.text} in the SPF record of "
        f"{found.domain} and {'is' if len(late) == 1 else 'are'} never looked at",
        (evidence(record.text, Span(late[0].span.start, late[-1].span.end), "is never come to"),),
        amended(found, " ".join([*text.split(), last.text, *rest]), "let all stand last"),
    )
