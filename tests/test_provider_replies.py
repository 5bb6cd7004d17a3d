"""What large providers' hosts really say, in full, is read as they mean it, and nobody else's words are put before."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from deliverkit.checks.remedies import fix_for
from deliverkit.explaining import find_reading
from deliverkit.knowledge.readings import readings, retry_words, told
from deliverkit.knowledge.replies import ANYBODY, Reading
from deliverkit.render.look import Look
from deliverkit.render.reply import render_reading

SAID = tomllib.loads((Path(__file__).parent / "provider_replies.toml").read_text("utf-8"))["reply"]
GMAIL, MICROSOFT, YAHOO = (
    "gmail-smtp-in.l.google.com",
    "tenant-example.mail.protection.outlook.com",
    "mta5.am0.yahoodns.net",
)


def _read(text: str, host: str = "") -> Reading:
    reading = find_reading(text, host=host)
    assert reading is not None
    return reading


@pytest.mark.parametrize("said", SAID, ids=lambda said: said["says"][:40])
def test_a_provider_is_read_as_it_means_it(said: dict[str, str]) -> None:
    first, *others = readings(_read(said["says"], said["host"]))
    assert (first.speaker, first.meaning) == (said["by"], said["meaning"])
    assert not others
    assert not first.software


@pytest.mark.parametrize("said", SAID, ids=lambda said: said["says"][:40])
def test_no_mail_server_comes_back_after_a_reply_that_is_for_good(said: dict[str, str]) -> None:
    reading = _read(said["says"], said["host"])
    words = retry_words(reading, readings(reading)[0])
    assert words.startswith("yes" if said["says"][0] == "4" else "no")
    if said["says"][0] == "5":
        assert "comes back by itself" not in readings(reading)[0].do


@pytest.mark.parametrize(
    "text",
    [
        "4F2: to=<a@x.example>, relay={host}[11.0.1.25]:25, dsn=5.7.27 (host {host}[11.0.1.25] said: 550 5.7.27 no)",
        "4F2: to=<a@x.example>, relay={host}[11.0.1.25]:25, delay=1, status=bounced (550 5.7.27 no)",
        "1abc-x ** a@x.example R=mx H={host} [11.0.1.25]: SMTP error from remote mail server: 550 5.7.27 no",
        "<a@x.example>: host {host}[11.0.1.25] said: 550 5.7.27 no (in reply to RCPT TO command)",
        "Action: failed\nStatus: 5.7.27\nRemote-MTA: dns; {host}\nDiagnostic-Code: smtp; 550 5.7.27 no",
        "... while talking to {host}.:\n>>> DATA\n<<< 550 5.7.27 no",
        "{host} gave this error:\n550 5.7.27 no",
        "{host} rejected your message to the following email addresses:\n550 5.7.27 no",
        "{host}[11.0.1.25]:25 said: 550 5.7.27 no",
    ],
)
def test_the_host_that_a_log_or_a_bounce_names_has_said_it(text: str) -> None:
    assert _read(text.format(host=GMAIL)).speaker == "Gmail"
    assert _read(text.format(host="mx1.good.example")).speaker == ""


def test_what_stands_behind_the_code_names_nobody() -> None:
    assert _read(f"550 5.7.27 no (host {GMAIL}[11.0.1.25] said: 550 5.7.27 no)").speaker == ""
    assert _read("550 5.7.27 <ada@yahoo.com>: no").speaker == ""


def test_the_host_that_is_given_counts_for_more_than_the_one_in_the_text() -> None:
    assert _read(f"host {GMAIL}[11.0.1.25] said: 550 5.7.27 no", "mx1.good.example").speaker == ""


def test_a_reply_that_quotes_another_is_one() -> None:
    reply = _read("550 5.7.23 Sender Policy Framework violation -> 550 5.7.1 SPF fail", MICROSOFT).reply
    assert (reply.enhanced, len(reply.text)) == ("5.7.23", 1)


def test_a_known_provider_is_no_other() -> None:
    reading = _read("550 5.7.27 no", "mx.zoho.com")
    assert (reading.speaker, reading.meanings) == ("Zoho", ())
    assert told(reading) == "the sender's domain declares that it takes no mail (null MX)"


def test_a_gateway_may_say_what_the_host_behind_it_said() -> None:
    reading = _read("550 5.7.27 no", "us-smtp-inbound-1.mimecast.com")
    assert (reading.speaker, [one.speaker for one in readings(reading)]) == ("", ["", "Gmail"])


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            "550-Requested action not taken: mailbox unavailable\n550 Reject due to policy restrictions.",
            "a rule of the",
        ),
        ("550 Requested action not taken: mailbox unavailable", "there is no such mailbox, or a rule of the host"),
        ("450 4.2.1 mailbox unavailable", "the mailbox is disabled"),
        ("450 Requested mail action not taken: mailbox unavailable", "the mailbox cannot be reached now"),
        ("554-No SMTP service\n554-IP address is black listed.\n554 See there", "a blocklist, of the receiver or one"),
        ("554 Your access has been rejected due to the sending MTA's poor reputation.", "the sending address, or its"),
        ("554 Blocked - see https://ipcheck.proofpoint.com/?ip=203.0.113.7", "Proofpoint blocks the sending address"),
        ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "the host does not take mail for this"),
    ],
)
def test_everyday_words_of_gateways_and_other_hosts(text: str, means: str) -> None:
    assert readings(_read(text, "mx1.good.example"))[0].meaning.startswith(means)


def test_a_softwares_words_are_its_own_where_nobody_else_is_proved() -> None:
    text = "550 5.4.1 Recipient address rejected: Access denied"
    first, second = readings(_read(text))
    assert (first.software, second.speaker) == ("Postfix", "Microsoft 365")
    assert _read(text, MICROSOFT).meanings[0].speaker == "Microsoft 365"
    assert "Postfix" not in render_reading(_read("550 Client host rejected: Access denied", YAHOO), Look())


MIMECAST, BARRACUDA, CISCO = (
    "us-smtp-inbound-1.mimecast.com",
    "d12345a.ess.barracudanetworks.com",
    "mx1.hc123-45.eu.iphmx.com",
)
_LISTED = (
    "554 Service unavailable; Client host [mx.x.example] blocked using Barracuda Reputation; "
    "http://bbl.barracudacentral.com/q.cgi?ip=198.51.100.7"
)
_POOR = (
    "554-mx1.good.example\n554 Your access to this mail system has been rejected due to the sending MTA's poor "
    "reputation. If you believe that this failure is in error, please contact the intended recipient"
)
_LINK = " - https://community.mimecast.com/docs/DOC-1369#550 [Aj3QXapeMpqZYaeFwWhjzw.us32]"


@pytest.mark.parametrize(
    ("text", "host", "software", "means"),
    [
        ("550 Administrative prohibition - envelope blocked" + _LINK, MIMECAST, "Mimecast", "a Mimecast policy of the"),
        (
            "550 Envelope blocked - User Entry" + _LINK,
            MIMECAST,
            "Mimecast",
            "a recipient blocks the sender in Mimecast",
        ),
        (
            "550 Envelope blocked - User Domain Entry" + _LINK,
            MIMECAST,
            "Mimecast",
            "a recipient blocks the sender's do",
        ),
        (
            "550 Rejected by header based Anti-Spoofing policy: a@x.example" + _LINK,
            MIMECAST,
            "Mimecast",
            "Mimecast takes",
        ),
        (
            "550 Anti-Spoofing policy - Inbound not allowed" + _LINK,
            MIMECAST,
            "Mimecast",
            "Mimecast takes the sender for",
        ),
        ("550 SPF Sender Invalid - envelope rejected" + _LINK, MIMECAST, "Mimecast", "SPF does not permit the sending"),
        (
            "550 DKIM Sender Invalid - envelope rejected" + _LINK,
            MIMECAST,
            "Mimecast",
            "the DKIM signature does not fit",
        ),
        (
            "550 DMARC Sender Invalid - envelope rejected" + _LINK,
            MIMECAST,
            "Mimecast",
            "the message fails the DMARC poli",
        ),
        ("550 Local CT IP reputation - (reject)" + _LINK, MIMECAST, "Mimecast", "Mimecast gives the sending address a"),
        (
            "451 Internal resource is temporarily unavailable" + _LINK,
            MIMECAST,
            "Mimecast",
            "Mimecast greylists the send",
        ),
        (
            "451 Internal resources are temporarily unavailable",
            MIMECAST,
            "Mimecast",
            "Mimecast greylists the sender, or",
        ),
        (
            "554 Email rejected due to security policies" + _LINK,
            MIMECAST,
            "Mimecast",
            "Mimecast takes the message for sp",
        ),
        (
            "554 Host network not allowed" + _LINK,
            MIMECAST,
            "Mimecast",
            "the recipient's organization takes no mail from",
        ),
        (
            "553 This route requires encryption (TLS)" + _LINK,
            MIMECAST,
            "Mimecast",
            "the recipient's organization takes ma",
        ),
        (
            "550 permanent failure for one or more recipients (a@x.example:blocked)",
            BARRACUDA,
            "Barracuda",
            "the recipient",
        ),
        (
            _LISTED,
            "mx1.good.example",
            "Barracuda",
            "Barracuda lists the sending address, or one that the message's",
        ),
        (
            _POOR,
            CISCO,
            "Cisco AsyncOS",
            "a Cisco gateway rejects the sending address",
        ),
    ],
)
def test_what_a_gateways_software_writes_is_read_as_it_means_it_and_of_no_provider_that_does_not_run_it(
    text: str, host: str, software: str, means: str
) -> None:
    first = readings(_read(text, host))[0]
    assert (first.software, first.meaning[: len(means)]) == (software, means)
    assert readings(_read(text))[0].software == software  # pasted, with nobody named
    assert software not in {one.software for one in _read(text, GMAIL).meanings}


def test_what_a_gateway_repeats_is_the_host_behind_it() -> None:
    text = "550 permanent failure for one or more recipients (a@x.example:550 5.4.1 Recipient address rejected: denied)"
    assert "Barracuda" not in {one.software for one in _read(text, BARRACUDA).meanings}
    assert readings(_read("550 5.1.1 user unknown", MIMECAST))[0].software == ""


def test_a_providers_words_are_one_reading_where_nobody_is_proved() -> None:
    found = _read("554 IP=198.51.100.7 - A problem occurred. (Ask your postmaster for help) (BL)", "mx1.good.example")
    assert (found.meanings[0].speaker, found.speaker) == ("T-Online", "")
    assert "if T-Online says it: T-Online blocks the sending address" in told(found)


def test_plain_words_count_for_more_than_the_number_of_whom_nobody_has_proved() -> None:
    assert [one.speaker for one in readings(_read("550 5.7.25 blocked using zen.spamhaus.org"))] == [ANYBODY]


def test_a_provider_whose_words_these_may_be_is_named_and_not_repeated_where_it_says_the_same() -> None:
    reading = _read("550-5.7.26 Unauthenticated email from x.example is not accepted due to domain's DMARC policy")
    assert [one.speaker for one in readings(reading)] == [ANYBODY, "Gmail"]
    assert "If Gmail said it" in render_reading(reading, Look())
    assert "Gmail" not in told(reading)
    fix = fix_for(reading)
    assert fix is not None
    assert "Gmail" not in fix.action
    more = _read("550 5.7.26 an SPF record with a hard fail")
    assert "if Gmail says it: the SPF record of the Return-Path's domain ends in -all" in told(more)


@pytest.mark.parametrize("code", ["250", "251", "252"])
def test_a_reply_of_success_never_proves_a_mailbox(code: str) -> None:
    shown = " ".join(render_reading(_read(f"{code} 2.1.5 ok"), Look()).split())
    assert "valid" not in shown
    says = {"250": "does not prove that the mailbox exists", "251": "elsewhere", "252": "cannot say whether"}
    assert says[code] in shown


@pytest.mark.parametrize(
    ("text", "host", "retry"),
    [
        ("550 5.7.29 no", GMAIL, "not by itself: a mail server gives up at a 5xx; send it again once the cause"),
        ("421 4.7.29 no", GMAIL, "yes: a mail server tries again by itself"),
        ("550 5.4.5 Daily limit", GMAIL, "not by itself"),
        ("550 5.7.321 x", MICROSOFT, "not by itself"),
        ("450 4.7.321 x", MICROSOFT, "yes: a mail server"),
        ("552 5.2.2 x", "mx01.mail.icloud.com", "not by itself"),
        ("550 mailbox is full", "", "not by itself"),
        ("550 5.7.27 x", GMAIL, "no: it fails again"),
        ("421 4.7.27 x", GMAIL, "in vain until the cause is mended"),
        ("553 out of storage", "", "not by itself"),
    ],
)
def test_whether_to_try_again_goes_by_the_class_of_the_code(text: str, host: str, retry: str) -> None:
    assert retry in " ".join(render_reading(_read(text, host), Look()).split())


def test_a_fix_that_nobody_else_reads_otherwise_stands_alone() -> None:
    fix = fix_for(_read("550 5.7.27 no", GMAIL))
    assert fix is not None
    assert "if Gmail" not in fix.action
