"""Received fields of many hosts, and the way that a header tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deliverkit.standards.header import HeaderField
from deliverkit.standards.received import journey, parse_received

DATE = "Tue, 24 Nov 2026 10:00:00 +0000"
GMAIL = (
    "from out.esp.example (out.esp.example. [192.0.2.41])        by mx.google.com with SMTPS id x-20"
    f"        for <ada@gmail.com>        (Google Transport Security);        {DATE} (UTC)"
)
POSTFIX = (
    "from helo.esp.example (out.esp.example [192.0.2.41])\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384"
    " (256/256 bits)\t key-exchange X25519)\t(No client certificate requested)\tby mx.a.example (Postfix) with ESMTPS"
    f" id 4F2B\tfor <ada@a.example>; {DATE} (UTC)"
)
EXIM = (
    "from [192.0.2.41] (helo=[5.6.7.8])\tby mx.a.example with esmtps  (TLS1.3) tls TLS_AES_256_GCM_SHA384"
    f"\t(Exim 4.96)\t(envelope-from <b@esp.example>)\tid 1abc-2\tfor ada@a.example;\t{DATE}"
)
EXCHANGE = (
    "from A.eop-nam11.prod.protection.outlook.com (2603:10b6:408:f9:cafe::6a) by B.outlook.office365.com"
    f" (2603:10b6:408:f9::28) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.1 via Frontend; {DATE}"
)
YAHOO = f"from 127.0.0.1  (EHLO [5.6.7.8]) (192.0.2.41)  by mta2.mail.bf2.yahoo.com with SMTPS; {DATE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GMAIL, ("out.esp.example", "192.0.2.41", "mx.google.com", "SMTPS", "ada@gmail.com", True)),
        (POSTFIX, ("helo.esp.example", "192.0.2.41", "mx.a.example", "ESMTPS", "ada@a.example", True)),
        (
            EXIM,
            ("[192.0.2.41]", "192.0.2.41", "mx.a.example", "esmtps tls TLS_AES_256_GCM_SHA384", "ada@a.example", True),
        ),
        (
            EXCHANGE,
            (
                "A.eop-nam11.prod.protection.outlook.com",
                "2603:10b6:408:f9:cafe::6a",
                "b.outlook.office365.com",
                "Microsoft SMTP Server",
                "",
                True,
            ),
        ),
        (YAHOO, ("127.0.0.1", "192.0.2.41", "mta2.mail.bf2.yahoo.com", "SMTPS", "", True)),
        (
            f"from a (a [IPv6:2001:db8::1]) by b.example with ESMTP; {DATE}",
            ("a", "2001:db8::1", "b.example", "ESMTP", "", False),
        ),
        (f"from a ([fe80::1%22]) by b.example with LMTP; {DATE}", ("a", "fe80::1", "b.example", "LMTP", "", False)),
        (f"by b.example (Postfix, from userid 0) id 1; {DATE}", ("", "None", "b.example", "", "", None)),
        (
            f"from a (localhost) by b with Microsoft SMTP Server; {DATE}",
            ("a", "None", "b", "Microsoft SMTP Server", "", None),
        ),
        (
            f"from (unknown [192.0.2.4]) by b.example with smtp; {DATE}",
            ("", "192.0.2.4", "b.example", "smtp", "", False),
        ),
        (
            f"from by (unknown [192.0.2.4]) by b.example with smtp; {DATE}",
            ("by", "192.0.2.4", "b.example", "smtp", "", False),
        ),
        (
            f"from a (tls1.evil.example [192.0.2.4]) by b.example with smtp; {DATE}",
            ("a", "192.0.2.4", "b.example", "smtp", "", False),
        ),
        (f"FROM a BY b.example. WITH utf8smtpsa; {DATE}", ("a", "None", "b.example", "utf8smtpsa", "", True)),
    ],
)
def test_what_a_host_writes(text: str, expected: tuple[str, str, str, str, str, bool | None]) -> None:
    hop = parse_received(text)
    assert str(hop) == text
    assert (hop.get("from"), str(hop.client), hop.host, hop.get("with"), hop.recipient, hop.is_tls) == expected
    assert hop.moment == datetime(2026, 11, 24, 10, tzinfo=UTC)
    for clause in hop.clauses:
        assert clause.value.split(maxsplit=1)[0] == text[clause.span.start : clause.span.end].split(maxsplit=1)[0]


def test_exchange_says_at_which_address_it_took_the_message() -> None:
    assert str(parse_received(EXCHANGE).host_address) == "2603:10b6:408:f9::28"
    assert parse_received(POSTFIX).host_address is None


def test_a_field_without_a_date_or_with_semicolons() -> None:
    assert parse_received("from a by b.example with SMTP id 1").moment is None
    assert parse_received("from a by b.example with SMTP id 1").host == "b.example"
    hop = parse_received(f"from localhost (localhost [local]);\tby b.example with ESMTPA id 1;\tfor <a@b>;\t{DATE}")
    assert (hop.get("from"), hop.host, hop.recipient) == ("localhost", "b.example", "a@b")
    assert hop.moment is not None


def received(client: str, host: str, time: str) -> HeaderField:
    return HeaderField("Received", f"from x (x [{client}]) by {host} with ESMTP id 1; Tue, 24 Nov 2026 {time}")


def test_the_way_is_told_from_the_oldest_hop_on_with_delays_and_clocks_that_differ() -> None:
    fields = [
        received("10.0.0.1", "store.b.example", "11:00:30 +0100"),
        HeaderField("Subject", "x"),
        received("192.0.2.41", "mx.b.example", "10:00:20 +0000"),
        received("192.168.0.7", "out.a.example", "10:00:25 +0000"),
        HeaderField("received", "by web.a.example; no date"),
        received("127.0.0.1", "web.a.example", "10:00:00 +0000"),
    ]
    found = journey(fields)
    assert [leg.hop.host.partition(".")[0] for leg in found.legs] == ["web", "web", "out", "mx", "store"]
    assert [leg.delay and leg.delay.total_seconds() for leg in found.legs] == [None, None, None, -5, 10]
    assert [leg.is_backwards for leg in found.legs] == [False, False, False, True, False]
    assert found.total == timedelta(seconds=30)
    assert [str(address) for address in found.external] == ["192.0.2.41"]


def test_no_way() -> None:
    found = journey([HeaderField("Subject", "x")])
    assert (found.legs, found.total, found.external) == ((), None, ())
