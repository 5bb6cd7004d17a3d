"""The domain is an alias (CNAME), so the MX records of the name behind it apply.

## Why it matters
A sender goes on with the name behind the alias, and that name decides where the mail goes. No other record can
stand beside a CNAME: an MX or TXT record made for the domain itself is never seen.

## Example
```world
target = "sales.nick.example"

[[zones]]
origin = "nick.example"
text = "sales CNAME hub.other.example."

[[zones]]
origin = "other.example"
text = '''
hub  MX  10 mx1
mx1  A   11.0.1.25
'''
```

## Use instead
```world
target = "sales.nick.example"

[[zones]]
origin = "nick.example"
text = "sales MX 10 mx1.other.example."

[[zones]]
origin = "other.example"
text = "mx1 A 11.0.1.25"
```

## References
- RFC 5321 §5.1: an alias found for the domain is followed as if its target had been given.
- RFC 1034 §3.6.2: no other record may stand beside a CNAME.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import record_evidence
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc


@check("MX032", severity=Severity.NOTE, references=(rfc(5321, "5.1"), rfc(1034, "3.6.2")), since="0.1")
def domain_is_alias(mx: MxSet) -> Iterator[Finding]:
    """A CNAME at the mail domain."""
    aliases = mx.answer.aliases
    if aliases:
        yield Finding(
            f"{mx.domain} is an alias of {aliases[-1].data.removesuffix('.')}, which decides where its mail goes",
            tuple(record_evidence(alias, alias.data, "is asked instead") for alias in aliases[:3]),
            Fix("nothing, if that is meant; else replace the CNAME by the domain's own records"),
        )
