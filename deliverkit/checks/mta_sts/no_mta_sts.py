"""The domain has no MTA-STS policy.

## Why it matters
Senders use TLS to its exchangers where it is offered and whatever the certificate. Somebody on the way who takes the
offer out of the conversation, or answers in the exchanger's place, reads the mail.

## Example
```world
like = "transport-good"
remove = ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"', 'mta-sts.good.example. A 11.0.9.81']
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.1: a record says that there is a policy.
- RFC 8461 §1: what the policy is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, new_id, record_line
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations, MxSet
from deliverkit.facts.mta_sts import PATH, MtaStsPolicy, MtaStsRecords, exchanges_of, policy_host
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.observations import Instant


@check("STS001", severity=Severity.NOTE, references=(rfc(8461, "3.1"), rfc(8461, "1")), since="0.1")
def no_mta_sts(
    records: MtaStsRecords, policy: MtaStsPolicy, mx: MxSet, expectations: Expectations, now: Instant
) -> Iterator[Finding | Absent]:
    """Neither a record nor a policy, at a domain that takes mail."""
    if records.texts:
        return
    if policy.is_there:
        yield not_applicable("there is a policy")
    elif not mx.records or not expectations.takes_mail:
        yield not_applicable("there is no exchanger to protect")
    else:
        yield Finding(f"{records.domain} has no MTA-STS policy", (), _fix(records, mx, now))


def _fix(records: MtaStsRecords, mx: MxSet, now: Instant) -> Fix:
    """A first policy, which changes nothing for any message, and the record that leads to it."""
    names = "; ".join(f"mx: {exchange}" for exchange in exchanges_of(mx)[:MOST])
    text = f"version: STSv1; mode: testing; {names}; max_age: 604800"
    return Fix(
        f"serve https://{policy_host(records.domain)}{PATH} with a line for each of: {text}; then publish the record",
        add=(record_line(records, new_id(now)),),
    )
