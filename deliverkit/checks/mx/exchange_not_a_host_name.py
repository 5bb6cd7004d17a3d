"""An exchanger's name holds characters that no host name may hold.

## Why it matters
Underscores, quotes and non-ASCII characters come from forms and from copy and paste. Strict senders refuse such
a name; no certificate can be issued for it.

## Example
```zone
$ORIGIN scored.example.
@       MX  10 mail_1
mail_1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN scored.example.
@      MX  10 mail-1
mail-1  A   11.0.1.25
```

## References
- RFC 1123 §2.1: a host name has letters, digits and hyphens, and no label begins or ends with a hyphen.
- RFC 5321 §2.3.5: the names in SMTP have that form.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.regexes import regex
from deliverkit.standards.mx import ExchangeForm, address_meant

_QUOTES = regex(r'\\?"|\\226\\128\\15[2-9]')  # a quote, or a curly one in UTF-8, as the DNS escapes it


@check("MX013", severity=Severity.WARNING, references=(rfc(1123, "2.1"), rfc(5321, "2.3.5")), since="0.1")
def exchange_not_a_host_name(mx: MxSet) -> Iterator[Finding]:
    """Characters beside letters, digits and hyphens."""
    wrong = (record.exchange for record in mx.records if record.form is ExchangeForm.NOT_A_HOST_NAME)
    for exchange in dict.fromkeys(wrong):
        if address_meant(exchange, mx.zone or mx.domain) is not None:
            continue  # exchange-is-ip-address says it
        quoted = " (the quotes were stored with it)" if _QUOTES.search(exchange) else ""
        yield Finding(
            f"the exchanger {exchange} is no valid host name{quoted}",
            exchange_evidence(mx, exchange, "holds characters that no host name may hold"),
            Fix("name the host with letters, digits and hyphens alone, and put that name into the MX record"),
        )
