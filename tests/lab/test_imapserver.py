"""The lab's IMAP server, spoken to by clients that are none of ours: imaplib, IMAPClient, and bare sockets."""

from __future__ import annotations

import asyncio
import imaplib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from imapclient import IMAPClient

from deliverkit.lab.imapnames import decoded, encoded
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse
from tests.mailboxes import (
    ADA,
    ADDRESS,
    MESSAGE,
    NAME,
    PASSWORD,
    as_ada,
    bare,
    live,
    messages,
    starting_imap,
    trusting,
    world_text,
)

GMAIL = 'capabilities = ["SASL-IR", "ID", "IDLE", "NAMESPACE", "UIDPLUS", "X-GM-EXT-1"]\n'
GMAIL_FOLDERS = """folders = { "[Gmail]" = '\\Noselect', "[Gmail]/Spam" = '\\Junk', "[Gmail]/All Mail" = '\\All' }"""


def changes(lab: RunningWorld) -> tuple[list[tuple[str, str]], list[str]]:
    return lab.mailboxes[ADA].opened, lab.mailboxes[ADA].changes


def test_a_client_that_examines_and_peeks_changes_nothing() -> None:
    def use(imap: IMAPClient) -> Any:
        imap.select_folder("INBOX", readonly=True)
        imap.fetch([1, 2], ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[]", "BODY[]"])
        with pytest.raises(imap.Error, match="READ-ONLY"):
            imap.add_flags([1], ["\\Deleted"])
        with pytest.raises(imap.Error, match="READ-ONLY"):
            imap.expunge()
        return imap.search(["UNSEEN"])

    found, after = live(as_ada(use), world_text(more=messages()), changes)
    assert found == [1, 2]
    assert after == ([("EXAMINE", "INBOX")], [])


def test_a_client_that_selects_and_reads_is_noticed() -> None:
    def use(imap: IMAPClient) -> Any:
        imap.select_folder("INBOX")
        seen = imap.fetch([1], ["BODY[]"])[1]
        imap.fetch([2], ["BODY.PEEK[]"])
        imap.delete_messages([2])
        imap.uid_expunge([1, 2])
        return seen[b"FLAGS"], imap.search()

    found, (opened, changed) = live(as_ada(use), world_text(more=messages()), changes)
    assert found == ((b"\\Seen",), [1])
    assert opened == [("SELECT", "INBOX")]
    assert changed == ["INBOX 1: flags \\Seen", "INBOX 2: flags \\Deleted", "INBOX 2: expunged"]


@pytest.mark.parametrize(
    ("criteria", "uids"),
    [
        (["ALL"], [1, 2]),
        (["HEADER", "Subject", "one"], [1]),
        (["SUBJECT", "Bücher"], [2]),
        (["FROM", "shop@good"], [1, 2]),
        (["BODY", "second"], [2]),
        (["TEXT", "first"], [1]),
        (["NOT", "BODY", "second"], [1]),
        (["OR", "SUBJECT", "one", "SUBJECT", "Bücher"], [1, 2]),
        (["SINCE", date.today()], [2]),  # noqa: DTZ011 - of the machine, which makes the dates
        (["BEFORE", date.today()], [1]),  # noqa: DTZ011
        (["SENTSINCE", date(2026, 11, 21)], [1, 2]),
        (["SENTBEFORE", date(2026, 11, 21)], []),
        (["UID", "2:*"], [2]),
        (["1"], [1]),
        (["UNSEEN", "UNDELETED", "LARGER", "10"], [1, 2]),
        (["SEEN"], []),
    ],
)
def test_messages_are_searched(criteria: list[Any], uids: list[int]) -> None:
    def use(imap: IMAPClient) -> Any:
        imap.select_folder("INBOX", readonly=True)
        return imap.search(criteria, "UTF-8")

    assert live(as_ada(use), world_text(more=messages())) == uids


def test_a_message_is_fetched_in_parts() -> None:
    def use(imap: IMAPClient) -> Any:
        imap.select_folder("INBOX", readonly=True)
        items = ["BODY.PEEK[HEADER]", "BODY.PEEK[HEADER.FIELDS (Subject From)]", "BODY.PEEK[TEXT]", "BODY.PEEK[]<9.3>"]
        return imap.fetch([1], [*items, "RFC822.SIZE", "INTERNALDATE", "BODY.PEEK[HEADER.FIELDS.NOT (DATE)]"])[1]

    found = live(as_ada(use), world_text(more=messages()))
    octets = MESSAGE.replace("\n", "\r\n").encode()
    subject_from = b"Subject: one\r\nFrom: Shop <shop@good.example>\r\n\r\n"
    assert found[b"BODY[HEADER]"] + found[b"BODY[TEXT]"] == octets
    assert found[b"BODY[HEADER.FIELDS (SUBJECT FROM)]"] == found[b"BODY[HEADER.FIELDS.NOT (DATE)]"] == subject_from
    assert found[b"BODY[]<9>"] == b"one"
    assert found[b"RFC822.SIZE"] == len(octets)
    age = datetime.now() - found[b"INTERNALDATE"]  # noqa: DTZ005 - IMAPClient's are local and have no zone
    assert timedelta(0) <= age - timedelta(seconds=200000) < timedelta(seconds=10)


def test_python_s_own_client_does_the_same_over_starttls() -> None:
    def client(lab: RunningWorld) -> Any:
        with starting_imap(lab) as imap:
            assert {"STARTTLS", "LOGINDISABLED"} <= set(imap.capabilities)
            with pytest.raises(imaplib.IMAP4.error, match="PRIVACYREQUIRED"):
                imap.login(ADA, PASSWORD)
            imap.starttls(trusting(lab))
            imap.login(ADA, PASSWORD)
            imap.select("INBOX", readonly=True)
            uids = imap.uid("SEARCH", "SUBJECT", '"one"')[1]
            return uids, imap.uid("FETCH", "1", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]

    uids, [(head, body), tail] = live(client, world_text(more=messages()))
    assert uids == [b"1"]
    assert (head, body) == (b"1 (UID 1 FLAGS () BODY[HEADER.FIELDS (SUBJECT)] {16}", b"Subject: one\r\n\r\n")
    assert tail == b")"


def test_each_start_of_a_world_has_a_uidvalidity_of_its_own() -> None:
    def use(imap: IMAPClient) -> Any:
        return [imap.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"] for folder in ("INBOX", "Junk")]

    first, second = live(as_ada(use), world_text()), live(as_ada(use), world_text())
    assert all(before < after < 2**32 for before, after in zip(first, second, strict=True))


def test_folders_are_listed_with_their_attributes_and_names_in_many_scripts() -> None:
    others = "".join(f', "INBOX.{name}" = ""' for name in ("Kéretlen", "A&B", "迷惑"))
    folders = f"""folders = {{ "INBOX.Nevyžádaná pošta" = '\\Junk'{others} }}"""

    def use(imap: IMAPClient) -> Any:
        found = imap.list_folders()
        imap.select_folder("INBOX.Nevyžádaná pošta", readonly=True)
        imap.folder_status("INBOX.迷惑", ["MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "RECENT"])
        return found, imap.namespace(), imap.list_folders(pattern="%")

    text = world_text('separator = "."\nprefix = "INBOX."', folders)
    found, namespace, top = live(as_ada(use), text)
    assert [name for _, _, name in found] == [
        *("INBOX", "INBOX.Nevyžádaná pošta", "INBOX.Kéretlen", "INBOX.A&B", "INBOX.迷惑"),
    ]
    assert found[0][:2] == ((b"\\HasChildren",), b".")
    assert found[1][0] == (b"\\Junk", b"\\HasNoChildren")
    assert namespace.personal == (("INBOX.", "."),)
    assert [name for _, _, name in top] == ["INBOX"]


@pytest.mark.parametrize("name", ["Nevyžádaná pošta", "Kéretlen", "A&B", "&", "迷惑メール", "a/b", "🛒 sale", "&-"])
def test_names_in_modified_utf_7_come_back(name: str) -> None:
    assert encoded(name).isascii()
    assert decoded(encoded(name)) == name


def test_a_name_that_is_no_utf_7_stays_as_it_is() -> None:
    assert decoded("&ZeVnLIqe") == "&ZeVnLIqe"
    assert decoded("&2D3-") == "&2D3-"


def test_special_use_is_asked_for_where_it_is_announced() -> None:
    sent = b'a LOGIN %s %s\r\nb LIST (SPECIAL-USE) "" "*"\r\nc LIST "" "*" RETURN (SPECIAL-USE)\r\nd LOGOUT\r\n'
    lines = sent % (ADA.encode(), PASSWORD.encode())
    clear = 'certificate = ""\nports = [143]\n'
    said = live(lambda lab: bare(lab, lines), world_text(clear))
    assert (said.count(b"* LIST"), said.count(b"BAD")) == (3 + 4, 0)
    said = live(lambda lab: bare(lab, lines), world_text(clear + GMAIL))
    assert (said.count(b"* LIST"), said.count(b"BAD")) == (0, 2)


def test_gmail_s_labels_and_categories() -> None:
    def use(imap: IMAPClient) -> Any:
        attributes = {name: flags for flags, _, name in imap.list_folders()}
        imap.select_folder("INBOX", readonly=True)
        tabs = [imap.gmail_search(f"category:{name}") for name in ("promotions", "primary")]
        inbox = imap.fetch([2], ["X-GM-MSGID", "X-GM-LABELS"])[2]
        imap.select_folder("[Gmail]/All Mail", readonly=True)
        everything = imap.fetch([2], ["X-GM-MSGID", "X-GM-LABELS"])[2]
        return attributes, tabs, inbox, everything, imap.search(["X-GM-MSGID", str(everything[b"X-GM-MSGID"])])

    text = world_text(GMAIL, GMAIL_FOLDERS, messages(category="promotions"))
    attributes, tabs, inbox, everything, found = live(as_ada(use), text)
    assert attributes["[Gmail]"] == (b"\\Noselect", b"\\HasChildren")
    assert b"\\Junk" in attributes["[Gmail]/Spam"]
    assert tabs == [[2], []]
    assert inbox[b"X-GM-MSGID"] == everything[b"X-GM-MSGID"]
    assert (inbox[b"X-GM-LABELS"], everything[b"X-GM-LABELS"], found) == ((), (b"\\Inbox",), [2])


def test_a_mailbox_without_tabs_has_no_category() -> None:
    def use(imap: IMAPClient) -> Any:
        imap.select_folder("INBOX", readonly=True)
        return imap.gmail_search("category:promotions"), imap.gmail_search("subject:one")

    text = world_text(GMAIL, f"{GMAIL_FOLDERS}\ntabs = false", messages(category="promotions"))
    assert live(as_ada(use), text) == ([], [1])


def test_what_is_not_there_is_refused() -> None:
    def use(imap: IMAPClient) -> Any:
        for open_folder in (imap.select_folder, imap.folder_status):
            with pytest.raises(imap.Error, match="NONEXISTENT"):
                open_folder("Spam")
        imap.select_folder("INBOX", readonly=True)
        for items in (["BODYSTRUCTURE"], ["BODY.PEEK[1]"]):
            with pytest.raises(imap.Error, match="not known"):
                imap.fetch([1], items)
        for criteria in (["MODSEQ", "1"], ["SINCE"], ["SINCE", "yesterday"]):
            with pytest.raises(imap.Error, match=r"BAD|no set|no date|too early"):
                imap.search(criteria)
        with pytest.raises(imap.Error, match="not known"):
            imap.create_folder("Mine")

    live(as_ada(use), world_text(more=messages()))


def _identify(imap: IMAPClient) -> Any:
    return imap.id_({"name": "test"})


def test_an_id_is_exchanged() -> None:
    assert b"deliverkit lab" in str(live(as_ada(_identify), world_text())).encode()


def test_literals_of_both_kinds_and_commands_that_cannot_be_read() -> None:
    login = f"a LOGIN {{{len(ADA)}}}\r\n{ADA} {{{len(PASSWORD)}+}}\r\n{PASSWORD}\r\n"
    wrong = 'b LIST "" (\r\nc\r\nd FLY\r\ne SELECT\r\nf LIST ""\r\ng UID FETCH x FLAGS\r\nh NOTIFY DO\r\n'
    sent = f"{login}{wrong}i LOGOUT\r\n".encode()
    said = live(lambda lab: bare(lab, sent), world_text('certificate = ""\nports = [143]'))
    answers = [line.split(b" ")[:2] for line in said.splitlines() if line[:2] not in {b"* ", b"+ "}]
    assert answers == [
        [b"a", b"OK"],
        *([tag, b"BAD"] for tag in (b"b", b"c", b"d", b"e", b"f", b"g", b"h")),
        [b"i", b"OK"],
    ]
    assert said.count(b"+ go on") == 1


def test_a_literal_that_is_too_big_ends_the_connection() -> None:
    assert b"* BYE" in live(lambda lab: bare(lab, b"a LOGIN {99999999}\r\n"), world_text())[-60:]


def test_idle_tells_of_what_comes_and_notify_of_every_folder() -> None:
    async def work() -> Any:
        async with running(parse(world_text(), name="mine")) as lab:
            store = lab.mailboxes[ADA]
            reader, writer = await asyncio.open_connection(
                *lab.routes[ADDRESS, 993], ssl=trusting(lab), server_hostname=NAME
            )

            async def command(line: str, until: bytes = b"a ") -> list[bytes]:
                writer.write(f"{line}\r\n".encode())
                said = [await reader.readline()]
                while not said[-1].startswith(until):
                    said.append(await reader.readline())
                return said

            await command(f"a LOGIN {ADA} {PASSWORD}", b"a ")
            await command("a EXAMINE INBOX")
            await command("a IDLE", b"+ ")
            store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), "Junk")
            store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), "INBOX")
            idle = [await reader.readline(), *await command("DONE")]
            listed = await command("a NOTIFY SET STATUS (PERSONAL (MessageNew MessageExpunge))")
            store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), "Junk")
            notified = await reader.readline()
            await command("a NOTIFY NONE")
            store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), "Junk")
            quiet = await command("a NOOP")
            writer.close()
            return idle, listed, notified, quiet

    idle, listed, notified, quiet = asyncio.run(work())
    assert idle == [b"* 1 EXISTS\r\n", b"a OK done\r\n"]
    assert len(listed) == 4 + 1
    assert notified.startswith(b'* STATUS "Junk" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY ')
    assert quiet == [b"a OK nothing done\r\n"]
