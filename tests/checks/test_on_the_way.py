"""What a sender experiences, in one sentence: the worst first, and "cannot tell" where nobody was reached."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from deliverkit.checks.on_the_way import AREAS, sum_up
from deliverkit.facts.smtp import Conversations
from deliverkit.lab.world import load, parse
from deliverkit.model import Outcome, unknown
from tests.judging import judge

GOOD = "is encrypted by every sender that can"
UNHINDERED = (
    ", but somebody on the way can have it sent in the clear unnoticed, for neither DANE nor MTA-STS forbids it"
)
SAFE = ", and senders that know {} cannot be made to send it in the clear"


@cache
def said(name: str) -> str:
    found = judge(replace(load(name), areas=tuple(sorted(AREAS)))).report.overall
    assert found is not None
    return found.sentence


@pytest.mark.parametrize(
    ("world", "sentence"),
    [
        ("tls-good", f"Mail to good.example {GOOD}{SAFE.format('DANE or MTA-STS')}."),
        ("smtp-good", f"Mail to good.example {GOOD}{UNHINDERED}."),
        (
            "tls-certificate-expired",
            (
                f"Mail to good.example {GOOD}{UNHINDERED}; "
                "a sender that insists on a good certificate does not deliver at mx2.good.example (its certificate "
                "expired on 2026-11-21)."
            ),
        ),
        (
            "tls-dane-mismatch",
            (
                "Senders that know DANE do not deliver at mx2.good.example (no TLSA record names the certificate that "
                f"it shows); other mail to good.example {GOOD}{SAFE.format('MTA-STS')}."
            ),
        ),
        (
            "tls-policy-certificate",
            (
                "Senders that know MTA-STS and not DANE do not deliver at mx2.good.example (its certificate is not "
                "trusted: it is signed by itself and by no authority); other mail to good.example "
                f"{GOOD}{SAFE.format('DANE')}."
            ),
        ),
        ("tls-testing-certificate", f"Mail to good.example {GOOD}{SAFE.format('DANE')}."),
        (
            "tls-no-starttls",
            (
                "At mx2.good.example no TLS is offered: senders that know DANE or MTA-STS do not deliver there, and "
                "other mail to it travels in the clear."
            ),
        ),
        (
            "tls-none",
            "Mail to good.example travels in the clear where it goes to mx2.good.example, which offers no TLS.",
        ),
        (
            "tls-handshake-fails",
            "At mx2.good.example TLS fails, so that some senders go on in the clear and others give up.",
        ),
        ("smtp-hangs-up", "Whether mail to good.example is encrypted at mx2.good.example cannot be told."),
        (
            "smtp-no-host-answers",
            "Cannot tell whether mail to good.example is encrypted on its way: no mail host takes a connection.",
        ),
        (
            "smtp-port-25-blocked",
            (
                "Cannot tell whether mail to good.example is encrypted on its way: no mail host takes a connection, "
                "and port 25 seems to be blocked from this machine over IPv4."
            ),
        ),
        ("null-mx", "Nothing is to be protected on its way: good.example takes no mail (null MX)."),
    ],
)
def test_the_sentence(world: str, sentence: str) -> None:
    assert said(world) == sentence


def test_where_every_host_is_refused_mail_is_held_back() -> None:
    records = [f"_25._tcp.mx{n}.good.example. TLSA 3 1 1 {{spki:mx{n}.good.example}}" for n in (1, 2)]
    other = "\n".join(f"_25._tcp.mx{n} TLSA 3 1 1 {'b2' * 32}" for n in (1, 2))
    world = parse(f'like = "tls-good"\nremove = {records}\nadd = """\n{other}\n"""\n', name="held back")
    found = judge(world).report.overall
    assert found is not None
    assert found.sentence.startswith("Senders that know DANE hold mail to good.example back (no TLSA record names the")


def test_where_no_host_offers_tls_all_mail_travels_in_the_clear() -> None:
    hosts = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx{n}.good.example"\ncertificate = ""\n'
        for n in (1, 2)
        for address in (f"11.0.{n}.25", f"2a11:db8:{n}::25")
    )
    world = parse(f'like = "smtp-good"\n{hosts}', name="bare")
    found = judge(replace(world, areas=tuple(sorted(AREAS)))).report.overall
    assert found is not None
    assert found.sentence == "Mail to good.example travels in the clear, for no mail host offers TLS."


def test_an_exchanger_without_tlsa_leaves_a_way_round_dane() -> None:
    gone = ["_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}", "mta-sts.good.example. A 11.0.9.81"]
    gone += ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"']
    found = judge(parse(f'like = "tls-good"\nremove = {gone}\n', name="half")).report.overall
    assert found is not None
    assert found.sentence == f"Mail to good.example {GOOD}{UNHINDERED}."


def test_what_is_not_known_is_said_so() -> None:
    assert sum_up({Conversations: unknown("MX: SERVFAIL")}, "a.example").sentence == (
        "Cannot tell how mail to a.example is protected on its way: MX: SERVFAIL."
    )
    assert sum_up({}, "a.example").sentence.startswith("a.example has no mail host")


def test_a_run_about_other_things_too_has_none() -> None:
    assert judge(load("smtp-good")).report.overall is None
    assert judge(replace(load("tls-good"), areas=(*sorted(AREAS), "mx"))).report.overall is None


def test_where_tls_is_too_old_nobody_is_said_to_encrypt() -> None:
    """RFC 8996 §4, §5: senders that demand TLS do not deliver; the others do different things."""
    hosts = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx2.good.example"\ntls = "old"\n'
        for address in ("11.0.2.25", "2a11:db8:2::25")
    )
    found = judge(parse(f'like = "tls-good"\n{hosts}', name="old")).report
    assert found.overall is not None
    assert found.overall.sentence == (
        "Senders that know DANE or MTA-STS do not deliver at mx2.good.example (it speaks no TLS newer than 1.1); at "
        "mx2.good.example no TLS is newer than 1.1: senders that refuse that go on in the clear or give up."
    )
    assert {result.check.code for result in found.of(Outcome.FAIL)} == {"DANE010", "STS023", "TLS003"}
