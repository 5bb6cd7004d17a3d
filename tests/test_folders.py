"""What folders are for: by attribute, by provider, by name in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.knowledge.folders import Listed, PlacedFolder, Purpose, classify
from deliverkit.observations.mailbox import FolderClass


def placed(*names: str | Listed, provider: str = "") -> dict[str, PlacedFolder]:
    listed = [one if isinstance(one, Listed) else Listed((), "/", one) for one in names]
    return {one.folder.name: one for one in classify(listed, provider)}


def kinds(*names: str | Listed, provider: str = "") -> dict[str, FolderClass]:
    return {name: one.folder.kind for name, one in placed(*names, provider=provider).items()}


def test_the_attribute_decides_before_any_name() -> None:
    mine = Listed(("\\HasNoChildren", "\\JUNK"), "/", "Reklamacje")
    found = placed("INBOX", mine, "Spam")
    assert found["Reklamacje"].folder == ("Reklamacje", FolderClass.JUNK, "the server marks it \\JUNK")
    assert found["Spam"].folder == ("Spam", FolderClass.OTHER, "nothing says what it is for")


def test_the_providers_names_decide_before_anybodys() -> None:
    found = placed("Inbox", "Bulk", provider="Yahoo")
    assert found["Bulk"].folder.reason == "its name at Yahoo"
    assert found["Inbox"].folder.kind is FolderClass.INBOX


@pytest.mark.parametrize(
    "name",
    [
        "Spam",
        "JUNK",
        "[Gmail]/Spam",
        "[Google Mail]/Spam",
        "INBOX/Junk E-mail",
        "Courrier indésirable",
        "Courrier inde\u0301sirable",
        "Posta indesiderata",
        "Correo no deseado",
        "Lixo Eletrônico",
        "Ongewenste e-mail",
        "Skräppost",
        "Søppelpost",
        "Roskaposti",
        "Nevyžádaná pošta",
        "Levélszemét",
        "Нежелательная почта",
        "Спам",
        "Небажана пошта",
        "Ανεπιθύμητα",
        "Önemsiz E-posta",
        "迷惑メール",
        "垃圾邮件",
        "垃圾郵件",
        "스팸",
        "דואר זבל",
        "البريد غير الهام",
        "สแปม",
        "Thư rác",
        "Spamverdacht",
    ],
)
def test_junk_is_known_by_its_name_in_many_languages(name: str) -> None:
    assert kinds("INBOX", name)[name] is FolderClass.JUNK


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("Papierkorb", Purpose.TRASH),
        ("Удаленные", Purpose.TRASH),
        ("Éléments envoyés", Purpose.SENT),
        ("送信済みアイテム", Purpose.SENT),
        ("Entwürfe", Purpose.DRAFTS),
        ("Rascunhos", Purpose.DRAFTS),
        ("Newsletter", Purpose.OTHER),
        ("Junkers", Purpose.OTHER),
        ("Spam/2024", Purpose.OTHER),
    ],
)
def test_other_purposes_are_known_too(name: str, purpose: Purpose) -> None:
    found = placed(name)[name]
    assert found.purpose is purpose
    assert found.is_looked_into is (purpose is Purpose.OTHER)


def test_gmail_marks_what_shows_messages_once_more() -> None:
    found = placed(
        "INBOX",
        Listed(("\\HasChildren", "\\Noselect"), "/", "[Gmail]"),
        Listed(("\\All", "\\HasNoChildren"), "/", "[Gmail]/Alle Nachrichten"),
        Listed(("\\Flagged",), "/", "[Gmail]/Markiert"),
        Listed(("\\Important",), "/", "[Gmail]/Wichtig"),
        Listed(("\\Junk",), "/", "[Gmail]/Spam"),
    )
    looked_into = [name for name, one in found.items() if one.is_looked_into]
    assert looked_into == ["INBOX", "[Gmail]/Alle Nachrichten", "[Gmail]/Spam"]


@pytest.mark.parametrize(
    ("delimiter", "name"), [(".", "INBOX.Spam"), ("/", "INBOX/Spam"), ("", "Spam"), ("\\", "A\\Spam")]
)
def test_the_last_part_of_a_name_counts(delimiter: str, name: str) -> None:
    assert kinds(Listed((), delimiter, name))[name] is FolderClass.JUNK


@given(st.lists(st.builds(Listed, st.tuples(st.text()), st.text(max_size=1), st.text())))
def test_any_names_and_attributes_can_be_read(listed: list[Listed]) -> None:
    assert [one.folder.name for one in classify(listed)] == [one.name for one in listed]
