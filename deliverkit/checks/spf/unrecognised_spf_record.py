r"""A TXT record means to be an SPF record and does not begin as one has to.

## Why it matters
Only what begins with `v=spf1` and a space is looked at. Quotes that were typed into the form, a missing space, another
version or typographic quotes make the record invisible.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1\; ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §4.5: records that do not begin with exactly this version section are discarded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import evidence, line_of, nearly_spf
from deliverkit.facts.spf import SpfSet
from deliverkit.model import Finding, Fix, Severity, Span, rfc
from deliverkit.regexes import regex
from deliverkit.standards.spf.parse import is_spf, parse_spf
from deliverkit.standards.txt import as_utf8

_MARKS = regex("[\"“”]|^['‘’]|['‘’]$")


@check("SPF021", severity=Severity.ERROR, references=(rfc(7208, "4.5"),), since="0.1")
def unrecognised_spf_record(found: SpfSet) -> Iterator[Finding]:
    """A TXT record begins nearly as SPF records do."""
    for record in found.others:
        text = as_utf8(record.text)
        nearly = nearly_spf(text)
        if nearly is None:
            continue
        meant = _meant(text, nearly)
        is_plain = is_spf(meant) and not parse_spf(meant).faults and not found.records
        yield Finding(
            f"a TXT record of {found.domain} means to be SPF and is not seen as such: it begins with {text[:12]!r}",
            (evidence(text, Span(0, max(1, nearly.end())), "has to be v=spf1 and a space"),),
            Fix("write it as receivers read it", (str(record.source),), (line_of(found, meant),))
            if is_plain
            else Fix("remove it, or merge what it names into the record that counts", (str(record.source),)),
        )


def _meant(text: str, nearly: re.Match[str]) -> str:
    rest = _MARKS.sub("", text[nearly.end() :])
    return " ".join(["v=spf1", *(word.strip(",;") for word in rest.split())])
