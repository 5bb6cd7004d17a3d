"""Authentication-Results: the text's forms, and which field to believe."""

from __future__ import annotations

import pytest

from deliverkit.standards.authres.parse import parse_arc_results, parse_results
from deliverkit.standards.authres.weighing import Weighed, weigh_results
from deliverkit.standards.border import Place, find_border
from deliverkit.standards.header import HeaderField

MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=pass (signature was verified)"
    " header.d=a.example;dmarc=pass action=none header.from=a.example;compauth=pass reason=100"
)


def test_comments_stand_nearly_anywhere() -> None:
    text = (
        "foo.example.net (foo (bar \\) baz)) 1 (baz); dkim (one) / 1 (two) = (three) fail"
        " policy (four) . (five) expired (six) = (seven; still) 1362471462"
    )
    found = parse_results(text)
    (result,) = found.results
    assert (found.authserv_id, found.version, found.malformed) == ("foo.example.net", "1", ())
    assert (result.method, result.version, result.result) == ("dkim", "1", "fail")
    assert result.get("policy.expired") == "1362471462"
    assert [comment.text for comment in result.comments] == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven; still",
    ]
    assert text[result.span.start : result.span.end].startswith("dkim (one)")


def test_microsoft_names_nobody() -> None:
    found = parse_results(MICROSOFT)
    assert found.authserv_id == ""
    assert [(one.method, one.result) for one in found.results] == [
        ("spf", "pass"), ("dkim", "pass"), ("dmarc", "pass"), ("compauth", "pass"),
    ]  # fmt: skip
    (dmarc,) = found.of("dmarc")
    assert (dmarc.get("action"), dmarc.get("header.from")) == ("none", "a.example")
    assert found.of("compauth")[0].reason == "100"
    assert [MICROSOFT[one.span.start : one.span.end] for one in found.of("spf")] == [MICROSOFT.partition(";")[0]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"john doe"@a.example', '"john doe"@a.example'),
        ('"a;b \\" c"', 'a;b " c'),
        ("<>", "<>"),
        ("b+x=y@a.example", "b+x=y@a.example"),
        ("ab/cd+ef==", "ab/cd+ef=="),
        ("2001:db8::1", "2001:db8::1"),
        ("grüße@müller.example", "grüße@müller.example"),
        ("a@b(a comment)", "a@b"),
        ("", ""),
    ],
)
def test_the_value_of_a_property(written: str, value: str) -> None:
    text = f"mx.a.example; x=pass (y) smtp.a={written} smtp.b=c; y=none"
    found = parse_results(text)
    assert [(one.name, one.value) for one in found.results[0].properties] == [("a", value), ("b", "c")]
    assert [one.method for one in found.results] == ["x", "y"]
    assert found.malformed == ()


def test_what_is_none_of_these_is_noted_with_its_place() -> None:
    text = "mta.yahoo.example from=b.example; spf=pass nonsense smtp.mailfrom=a; =bad; dkim=fail"
    found = parse_results(text)
    assert found.authserv_id == "mta.yahoo.example"
    assert [one.method for one in found.results] == ["spf", "dkim"]
    assert [text[bad.span.start : bad.span.end] for bad in found.malformed] == ["from=b.example", "nonsense", "=bad"]


def test_none_is_said_only_alone() -> None:
    assert parse_results("a.example 1; (nothing) none").is_none
    assert not parse_results("a.example; none; spf=pass").is_none
    assert not parse_results("a.example").is_none


def test_the_arc_field_has_an_instance_before_the_name() -> None:
    found = parse_arc_results("i=2; mx.google.com; dkim=pass header.i=@a.example header.s=s1")
    assert (found.instance, found.authserv_id, found.of("dkim")[0].get("header.s")) == (2, "mx.google.com", "s1")
    assert parse_arc_results("mx.google.com; none").instance == 0


FORGED = ("Authentication-Results", "mx.a.example; spf=pass smtp.mailfrom=bank.example; dmarc=pass")
OWN = ("Authentication-Results", "mx.a.example; spf=fail smtp.mailfrom=bank.example; dmarc=fail")
BORDER = ("Received", "from bank.example (unknown [11.0.0.7]) by mx.a.example (Postfix) with ESMTP id 1; x")
STORE = ("Received", "from mx.a.example (mx.a.example [10.0.0.2]) by store.a.example with LMTP id 1; x")
SENDERS = ("Received", "from pc (pc [10.0.0.9]) by mx.a.example with ESMTPSA id 1; x")
FOREIGN = ("Received", "from pc (pc [10.0.0.9]) by relay.bank.example with ESMTPSA id 1; x")


def weigh(*fields: tuple[str, str], receiver: tuple[str, ...] = ("a.example",)) -> Weighed:
    return weigh_results([HeaderField(*field) for field in fields], receiver)


def texts(found: Weighed) -> tuple[list[str], list[str], list[str]]:
    return tuple([str(one.results) for one in group] for group in (found.trusted, found.unproved, found.refused))  # type: ignore[return-value]


def test_what_stands_above_the_border_is_the_receivers() -> None:
    assert texts(weigh(OWN, BORDER, FOREIGN, FORGED)) == ([OWN[1]], [], [FORGED[1]])
    assert texts(weigh(STORE, OWN, BORDER, FOREIGN, FORGED)) == ([OWN[1]], [], [FORGED[1]])


def test_dovecot_takes_over_from_postfix_without_an_address() -> None:
    dovecot = ("Received", "from mx.a.example\tby store.a.example with LMTP\tid x\tfor <ada@a.example>; x")
    assert texts(weigh(dovecot, OWN, BORDER, FOREIGN, FORGED)) == ([OWN[1]], [], [FORGED[1]])
    assert texts(weigh(dovecot, BORDER, OWN, FOREIGN, FORGED)) == ([], [OWN[1]], [FORGED[1]])


def test_what_stands_beneath_it_may_be_either() -> None:
    assert texts(weigh(STORE, BORDER, OWN, FOREIGN, FORGED)) == ([], [OWN[1]], [FORGED[1]])
    assert texts(weigh(BORDER, FORGED)) == ([], [FORGED[1]], [])


def test_a_sender_cannot_push_the_border_down() -> None:
    """Neither with fields of its own in the receiver's name, nor with the receiver's name in HELO."""
    posing = ("Received", "from store.a.example (unknown [11.0.0.7]) by mx.a.example (Postfix) with ESMTP id 1; x")
    assert texts(weigh(posing, SENDERS, FORGED)) == ([], [], [FORGED[1]])
    assert texts(weigh(STORE, posing, FORGED, SENDERS)) == ([], [FORGED[1]], [])


def test_another_name_is_nobodys_word() -> None:
    other = ("Authentication-Results", "mx.b.example; spf=pass")
    near = ("Authentication-Results", "evila.example; spf=pass")
    assert texts(weigh(other, near, BORDER)) == ([], [], [other[1], near[1]])
    assert texts(weigh(OWN, BORDER, receiver=("b.example",))) == ([], [], [OWN[1]])
    assert texts(weigh(OWN, FOREIGN, BORDER)) == ([], [], [OWN[1]])
    translated = ("Received", "from pc (pc [172.17.0.1]) by mx.a.example with ESMTP id 1; x")
    assert texts(weigh(translated, FORGED, BORDER)) == ([], [FORGED[1]], [])
    assert texts(weigh(OWN)) == ([], [], [OWN[1]])
    assert texts(weigh(OWN, BORDER, receiver=())) == ([], [], [OWN[1]])


def test_gmail() -> None:
    found = weigh(
        ("Delivered-To", "ada@gmail.com"),
        ("Received", "by 2002:a05:6a10:1:b0:1 with SMTP id z; x"),
        ("ARC-Authentication-Results", "i=1; mx.google.com; spf=pass"),
        ("Received", "from out.esp.example (out.esp.example. [11.0.0.7]) by mx.google.com with SMTPS id 1; x"),
        ("Authentication-Results", "mx.google.com; spf=pass"),
        ("Received", "from pc by out.esp.example; x"),
        ("ARC-Authentication-Results", "i=1; mx.google.com; spf=pass (forged)"),
        receiver=("google.com",),
    )
    assert [one.index for one in found.trusted] == [2]
    assert [one.index for one in found.unproved] == [4]
    assert [one.index for one in found.refused] == [6]


def test_exchange_online() -> None:
    inner = "from A.eop.prod.protection.outlook.com (2603:10b6:408:f9:cafe::6a) by B.outlook.com (2603:10b6:408:f9::28)"
    posing = "from A.eop.prod.protection.outlook.com (2603:10b6:408:f9:cafe::6a) by B.outlook.com (10.13.0.1)"
    border = "from out.esp.example (11.0.0.7) by A.mail.protection.outlook.com (10.13.176.1) with Microsoft SMTP Server"
    own, beneath = ("Authentication-Results", MICROSOFT), ("Authentication-Results", "spf=pass (beneath)")
    header = (("Received", inner), own, ("Received", border), beneath)
    assert texts(weigh(*header, receiver=("outlook.com",))) == ([MICROSOFT], [], [beneath[1]])
    assert texts(weigh(("Received", posing), *header[1:], receiver=("outlook.com",)))[0] == []


def test_the_border_tells_where_any_field_stands() -> None:
    fields = [HeaderField(*field) for field in (STORE, ("X", ""), BORDER, ("Y", ""), FOREIGN, ("Z", ""))]
    border = find_border(fields, ["a.example"])
    assert border is not None
    assert str(border.hop.client) == "11.0.0.7"
    assert [border.place_of(index) for index in (1, 3, 5)] == [Place.ABOVE, Place.BENEATH, Place.BELOW]
