"""What became of each copy, transcript, bounces and mailboxes joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from deliverkit.errors import UsageError
from deliverkit.facts.placement import Fate, PlacedCopy
from deliverkit.observations.seeds import Bounce, Copy, Sending, Stage
from deliverkit.observations.smtp import Entry, Kind
from deliverkit.seeds.joining import Terms, deadline_of, join
from deliverkit.seeds.pathways import CampaignPath
from tests.seeds.arriving import (
    ADA,
    HOUR,
    INBOX,
    JUNK,
    NEWS,
    PROMOTIONS,
    START,
    accepted,
    arrival,
    at,
    copy,
    esp_header,
    seed_test,
)

TERMS = Terms(patience=HOUR, returns="bounces@shop.example")
FAILED = Bounce(at(100), "failed", "5.1.1", "550 5.1.1 unknown", "mx.inner.example")
TAKEN = "accepted by mx1.north.example (250 2.0.0 Ok: queued)"


def placed(one: Copy, *, now: float = 60.0, terms: Terms = TERMS, **values: object) -> PlacedCopy:
    (found,) = join(seed_test(one, **values), at(now), terms)  # type: ignore[arg-type]
    return found


def tried(code: int, reply: str, step: str, stage: Stage = Stage.ENDED) -> Sending:
    return Sending(at(0), stage, at(1), code, reply, accepted().transcript, step)


@pytest.mark.parametrize(
    ("folder", "fate", "shown"),
    [
        (INBOX, Fate.INBOX, "INBOX"),
        (PROMOTIONS, Fate.TAB, "INBOX, tab promotions"),
        (JUNK, Fate.JUNK, "Spam"),
        (NEWS, Fate.OTHER, "Newsletters"),
    ],
)
def test_an_arrival_says_where_and_how_fast(folder: object, fate: Fate, shown: str) -> None:
    found = placed(copy(arrivals=(arrival("A: b", 40, folder=folder),)))  # type: ignore[arg-type]
    assert found == PlacedCopy(ADA, "North", fate, folder=shown, delay=30.0, detail=f"in {shown}")


def test_a_copy_that_was_moved_counts_where_it_is_now_and_came_when_it_was_first_seen() -> None:
    places = (arrival("A: b", 40, seen=45), arrival("A: b", 41, folder=JUNK, seen=165))
    found = placed(copy(arrivals=places))
    assert (found.fate, found.folder, found.delay) == (Fate.JUNK, "Spam", 30.0)
    assert found.detail == "first seen in INBOX, and 2 min later in Spam"


def test_a_copy_under_two_labels_is_where_its_reader_meets_it() -> None:
    places = (arrival("A: b", 41, folder=NEWS, seen=45), arrival("A: b", 40, seen=45))
    found = placed(copy(arrivals=places))
    assert (found.fate, found.folder, found.delay) == (Fate.INBOX, "INBOX", 30.0)
    assert found.detail == "in INBOX, and in Newsletters as well"


def test_a_copy_that_is_filed_before_the_reply_is_read_took_no_time() -> None:
    # Taken from 9 to 10 s after the start, and filed meanwhile, by a clock that counts whole seconds.
    found = placed(copy(arrivals=(arrival("A: b", 8.2),)))
    assert (found.delay, found.detail) == (0.0, "in INBOX")


def test_clocks_that_differ_are_told_and_give_no_delay() -> None:
    found = placed(copy(arrivals=(arrival("A: b", -50),)))
    assert found.delay is None
    assert found.detail == (
        "in INBOX; its mailbox dates it 1 min before it was accepted: the clocks differ, so its delay is not known"
    )
    assert placed(copy(arrivals=(arrival("A: b", 9.3),))).delay == 0.0
    external = placed(copy(sendings=(), arrivals=(arrival("A: b", -50),)), is_external=True)
    assert "50 s before it was sent" in external.detail


def test_a_bounce_after_acceptance() -> None:
    found = placed(copy(bounces=(FAILED,)))
    assert found.fate is Fate.BOUNCED
    assert found.detail == f"{TAKEN}, then it bounced: 550 5.1.1 unknown (reported by mx.inner.example)"
    both = placed(copy(bounces=(FAILED,), arrivals=(arrival("A: b"),)))
    assert (both.fate, both.detail) == (
        Fate.INBOX,
        "in INBOX; a bounce came all the same: 550 5.1.1 unknown (reported by mx.inner.example)",
    )


def test_a_report_of_a_delay_is_no_bounce() -> None:
    found = placed(copy(bounces=(FAILED._replace(action="delayed"),)))
    assert found.fate is Fate.PENDING
    assert found.detail.endswith("a host reports a delay: 550 5.1.1 unknown (reported by mx.inner.example)")


@pytest.mark.parametrize(
    ("sendings", "fate", "detail"),
    [
        ((), Fate.UNSENT, "not sent yet"),
        ((Sending(at(0), Stage.BEGUN),), Fate.UNSENT, "not sent: its sending was cut off"),
        ((tried(535, "5.7.8 no", "AUTH"),), Fate.UNSENT, "not sent: 535 5.7.8 no"),
        (
            (tried(550, "5.7.1 spam", "message")._replace(is_relayed=True),),
            Fate.UNSENT,
            "not sent: the relay mx1.north.example refused it: 550 5.7.1 spam",
        ),
        ((tried(550, "5.7.1 spam", "message"),), Fate.REJECTED, "mx1.north.example refused it: 550 5.7.1 spam"),
        ((tried(451, "4.7.1 later", "RCPT"),), Fate.DEFERRED, "mx1.north.example did not take it yet: 451 4.7.1 later"),
        (
            (tried(451, "4.7.1 later", "RCPT"), tried(550, "5.1.1 no", "RCPT")),
            Fate.REJECTED,
            "mx1.north.example refused it: 550 5.1.1 no",
        ),
        (
            (Sending(at(0), Stage.ENDED, at(1), 0, "nothing answered", None, "connect"),),
            Fate.DEFERRED,
            "its host did not take it yet: nothing answered",
        ),
        (
            (tried(0, "", "message", Stage.DOT),),
            Fate.IN_DOUBT,
            "in doubt: the message was on its way and no reply came, and it was not found so far",
        ),
    ],
)
def test_what_hosts_said(sendings: tuple[Sending, ...], fate: Fate, detail: str) -> None:
    found = placed(copy(sendings=sendings), now=10**6, looked=at(10**6))
    assert (found.fate, found.detail) == (fate, detail)


def test_a_copy_that_is_in_time_is_pending() -> None:
    found = placed(copy(), now=10 + 1800, looked=at(1800))
    assert (found.fate, found.detail) == (Fate.PENDING, f"{TAKEN}, not found so far, 30 min left")


def test_nothing_is_missing_before_somebody_looked_at_the_end() -> None:
    found = placed(copy(), now=10**5, looked=at(3609))
    assert (found.fate, found.detail.endswith("nobody has looked since its time is over")) == (Fate.PENDING, True)
    assert placed(copy(), now=10**5).fate is Fate.PENDING


def test_a_copy_is_waited_for_as_long_as_is_asked_else_as_the_last_watch_did_else_two_hours() -> None:
    fates = [
        placed(copy(), now=later, looked=at(later), terms=Terms(asked), patience=watched).fate
        for later in (5 * 60, 3 * 3600)
        for asked, watched in ((None, None), (None, timedelta(minutes=4)), (HOUR, timedelta(minutes=4)))
    ]
    assert fates == [Fate.PENDING, Fate.MISSING, Fate.PENDING, Fate.MISSING, Fate.MISSING, Fate.MISSING]


def test_missing_says_what_is_known_and_what_is_not() -> None:
    found = placed(copy(), now=10**5, looked=at(3610))
    assert (found.fate, found.detail) == (
        Fate.MISSING,
        f"{TAKEN}, not found in any folder that we can read, no bounce in 1 h; quarantine or delay cannot be excluded",
    )


def test_a_platform_that_sent_nothing_at_all_is_not_blamed_on_the_receivers() -> None:
    one, other = copy(sendings=()), copy("dk" + "1" * 24, "bea@north.example", sendings=())
    found = join(seed_test(one, other, is_external=True, looked=at(7200)), at(7200), TERMS)
    assert {(copy.fate, copy.detail) for copy in found} == {
        (Fate.UNSENT, "no copy of the test was seen anywhere: has the campaign's platform sent it?")
    }
    seen = other.__class__(other.token, other.address, other.provider, arrivals=(arrival("A: b"),))
    found = join(seed_test(one, seen, is_external=True, looked=at(7200)), at(7200), TERMS)
    assert [copy.fate for copy in found] == [Fate.MISSING, Fate.INBOX]


def test_missing_says_where_bounces_go_when_that_mailbox_is_not_watched() -> None:
    sent = accepted()
    assert sent.transcript is not None
    line = Entry(0.1, Kind.SENT, b"MAIL FROM:<news@shop.example>\r\n")
    sent = sent._replace(transcript=replace(sent.transcript, entries=(line,)))
    found = placed(copy(sendings=(sent,)), now=3700, looked=at(3700))
    assert "no bounce in 1 h at bounces@shop.example (it was sent as from news@shop.example: " in found.detail
    own = placed(copy(sendings=(sent,)), now=3700, looked=at(3700), terms=Terms(HOUR, returns="News@shop.example"))
    assert "no bounce in 1 h; quarantine" in own.detail


def test_missing_claims_no_missing_bounce_where_none_could_be_seen() -> None:
    unwatched = placed(copy(), now=10**5, looked=at(3610), terms=Terms(HOUR)).detail
    assert "bounces were not looked for" in unwatched
    problems = ((TERMS.returns, "its login is refused"),)
    unread = placed(copy(), now=10**5, looked=at(3610), problems=problems)
    assert (unread.fate, "the mailbox for bounces could not be read (its login is refused)" in unread.detail) == (
        Fate.MISSING,
        True,
    )


def test_nothing_is_said_of_a_mailbox_that_could_not_be_read() -> None:
    problems = ((ADA, "its login is refused"),)
    found = placed(copy(), now=10**5, looked=at(3610), problems=problems)
    assert (found.fate, found.detail) == (
        Fate.UNREADABLE,
        f"{TAKEN}; its mailbox could not be read: its login is refused",
    )
    rejected = copy(sendings=(tried(550, "5.7.1 spam", "message"),))
    assert placed(rejected, problems=problems).fate is Fate.REJECTED
    assert placed(copy(arrivals=(arrival("A: b"),)), problems=problems).fate is Fate.INBOX


def test_an_external_copy_is_waited_for_from_the_start() -> None:
    one = copy(sendings=())
    assert deadline_of(seed_test(one, is_external=True), one, HOUR) == START + HOUR
    assert placed(one, is_external=True, now=10).fate is Fate.PENDING
    assert placed(one, is_external=True, now=3700, looked=at(3500)).fate is Fate.PENDING
    assert placed(copy(sendings=(), arrivals=(arrival("A: b", 30),)), is_external=True).delay == 30.0


@pytest.mark.parametrize(
    ("path", "clauses"),
    [
        (CampaignPath(), ""),
        (CampaignPath(("11.7.0.0/24",), ("shop.example",), ("esp.example",)), ""),
        (CampaignPath(networks=("11.7.1.0/24",)), "it came from 11.7.0.1, which is not among the campaign's addresses"),
        (
            CampaignPath(signers=("news.example",)),
            "it is signed by esp.example and shop.example, and the campaign by news.example",
        ),
        (
            CampaignPath(return_domains=("shop.example",)),
            "its Return-Path is at esp.example, and the campaign's at shop.example",
        ),
    ],
)
def test_a_copy_that_took_another_way(path: CampaignPath, clauses: str) -> None:
    terms = Terms(HOUR, path)
    assert placed(copy(arrivals=(arrival(esp_header()),)), terms=terms).unlike == clauses


def test_what_a_header_does_not_show_is_not_compared_but_for_signatures() -> None:
    path = CampaignPath(("11.7.1.0/24",), ("shop.example",), ("shop.example",))
    found = placed(copy(arrivals=(arrival("Subject: x"),)), terms=Terms(HOUR, path))
    assert found.unlike == "it is not signed, and the campaign by shop.example"


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="neither an address nor a network"):
        CampaignPath(networks=("esp.example",))


def test_every_copy_comes_in_order() -> None:
    copies = [copy(f"dk{number:024x}", f"a{number}@b.example", is_control=bool(number % 2)) for number in range(4)]
    found = join(seed_test(*copies), START + timedelta(days=1))
    assert [(one.address, one.is_control) for one in found] == [(one.address, one.is_control) for one in copies]
