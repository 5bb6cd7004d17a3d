"""An SPF record breaks the grammar, which makes SPF fail for every sender.

## Why it matters
One wrong term is enough: a receiver that finds it gives "permerror" for all mail, also where an earlier term would
have matched.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ipv4:11.0.1.25 inlcude:_spf.good.example -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 include:_spf.good.example -all"
_spf  TXT  "v=spf1 ip4:11.0.2.0/24 -all"
```

## References
- RFC 7208 §4.6: a syntax error anywhere in the record is a permerror at once.
- RFC 7208 §12: the grammar of a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import amended, evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Evidence, Finding, Fix, Severity, rfc
from deliverkit.regexes import regex
from deliverkit.standards.spf.macros import SyntaxFault
from deliverkit.standards.spf.parse import MECHANISMS, parse_spf

_SHOWN = 8
_NAME = regex(r"([+\-~?]*)([^:/=]*)(.*)", re.DOTALL)
_KNOWN = {"ipv4": "ip4", "ipv6": "ip6", "ip": "ip4", "ip4v": "ip4", "host": "a", "mx1": "mx"}
_IPV4 = regex(r"\d+(\.\d+){3}(/\d+)?", re.ASCII)


@check("SPF003", severity=Severity.ERROR, references=(rfc(7208, "4.6"), rfc(7208, "12")), since="0.1")
def spf_syntax_error(found: SpfRecord) -> Iterator[Finding]:
    """The record has a term that the grammar does not allow."""
    faults = found.record.faults
    if not faults:
        return
    text = found.record.text
    first = text[faults[0].span.start : faults[0].span.end]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    yield Finding(
        f"the SPF record of {found.domain} is broken at {first[:40]!r}{more}, so SPF fails for all its mail",
        tuple(_evidence(text, fault) for fault in faults[:_SHOWN]),
        _fix(found),
    )


def _evidence(text: str, fault: SyntaxFault) -> Evidence:
    return evidence(text, fault.span, fault.reason)


def _fix(found: SpfRecord) -> Fix:
    """The record with what was meant, where that is plain."""
    text = " ".join(_meant(term) for term in found.record.text.split(" ") if term)
    if parse_spf(text).faults:
        return Fix("correct the underlined parts, or remove the terms that hold them")
    return amended(found, text, "write what was meant")


def _meant(term: str) -> str:
    """The term with a known name in the place of a mistyped one, and without marks that do not belong there."""
    bare = term.strip(",;“”‘’\"'")
    if bare.lower() == "v=spf1" or not parse_spf(f"v=spf1 {bare}").faults:
        return bare
    if _IPV4.fullmatch(bare):
        return f"ip4:{bare}"
    qualifiers, name, rest = _NAME.findall(bare)[0]
    import difflib

    near = difflib.get_close_matches(name.lower(), MECHANISMS, n=1, cutoff=0.6)
    known = _KNOWN.get(name.lower()) or (near[0] if near else name)
    return f"{qualifiers[:1]}{known}{rest}"
