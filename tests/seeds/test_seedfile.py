"""``seeds.toml`` as people write it, and as they should not."""

from __future__ import annotations

from pathlib import Path

import pytest

from deliverkit.errors import UsageError
from deliverkit.observations.mailbox import FileAccess, ImapAccess, Mechanism
from deliverkit.seeds.seedfile import SeedFile, parse_seeds, read_seeds

PATH = Path("/tests/seeds.toml")
ONE = '[[seed]]\naddress = "ada@example.com"\nimap = "imap.example.com"\nsecret = "env:ADA"\n'


def parsed(text: str) -> SeedFile:
    return parse_seeds(text, path=PATH)


def access(text: str) -> ImapAccess | FileAccess:
    [seed] = parsed(f'[[seed]]\naddress = "ada@example.com"\n{text}').seeds
    return seed.access


def refused(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parsed(text)
    assert str(caught.value).startswith(f"{PATH}: ")
    return str(caught.value).removeprefix(f"{PATH}: ")


def test_what_is_left_out_has_its_usual_value() -> None:
    [seed] = parsed(ONE).seeds
    assert (seed.address, seed.provider) == ("ada@example.com", "")
    assert seed.access == ImapAccess("imap.example.com", 993, "ada@example.com", "env:ADA", Mechanism.PASSWORD)


def test_a_known_provider_needs_no_host() -> None:
    [seed] = parsed('[[seed]]\naddress = "ada@gmail.com"\nsecret = "command:pass show gmail"\n').seeds
    assert seed.provider == "Gmail"
    assert seed.access[:2] == ("imap.gmail.com", 993)


def test_defaults_hold_for_every_seed_that_says_nothing_else() -> None:
    text = '[defaults]\nimap = "mx.example.com:1993"\nsecret = "env:ALL"\nmechanism = "xoauth2"\nprovider = "Ours"\n'
    text += '[[seed]]\naddress = "a@example.com"\n[[seed]]\naddress = "b@example.com"\nimap = "other.example.com"\n'
    text += '[[seed]]\naddress = "c@example.com"\nmaildir = "mail/c"\nprovider = "Files"\n'
    first, second, third = parsed(text).seeds
    assert first.access == ImapAccess("mx.example.com", 1993, "a@example.com", "env:ALL", Mechanism.XOAUTH2)
    assert second.access[:2] == ("other.example.com", 993)
    assert third.access == FileAccess("maildir", "/tests/mail/c")
    assert [first.provider, third.provider] == ["Ours", "Files"]


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("imap.example.com", "imap.example.com", 993),
        ("IMAP.Example.com:1143", "imap.example.com", 1143),
        ("bücher.example", "xn--bcher-kva.example", 993),
        ("192.0.2.1", "192.0.2.1", 993),
        ("192.0.2.1:144", "192.0.2.1", 144),
        ("2001:db8::1", "2001:db8::1", 993),
        ("[2001:db8::1]", "2001:db8::1", 993),
        ("[2001:db8::1]:144", "2001:db8::1", 144),
        ("localhost:10143", "localhost", 10143),
    ],
)
def test_hosts_are_names_or_addresses_with_a_port_or_without(written: str, host: str, port: int) -> None:
    assert access(f'imap = "{written}"\nsecret = "env:ADA"')[:2] == (host, port)


def test_without_implicit_tls_the_port_is_the_other_one() -> None:
    assert access('imap = "imap.example.com"\ntls = "starttls"\nsecret = "env:A"')[1] == 143
    assert access('imap = "127.0.0.1"\ntls = "none"\nsecret = "env:A"')[1] == 143


def test_paths_are_from_the_files_folder() -> None:
    assert access('mbox = "var/ada"') == FileAccess("mbox", "/tests/var/ada")
    assert access('maildir = "/srv/ada"') == FileAccess("maildir", "/srv/ada")
    found = access('imap = "imap.example.com"\nsecret = "file:ada.txt"')
    assert found == ImapAccess("imap.example.com", 993, "ada@example.com", "file:/tests/ada.txt")


def test_a_domain_may_be_written_in_any_script() -> None:
    [seed] = parsed(ONE.replace("example.com", "bücher.example", 1)).seeds
    assert seed.address == "ada@xn--bcher-kva.example"


def test_bounces_go_to_a_seed_or_to_a_mailbox_of_their_own() -> None:
    file = parsed(f'returns = "Ada@Example.com"\n{ONE}')
    assert file.returns == file.seeds[0]
    own = parsed(f'{ONE}[returns]\naddress = "bounces@example.com"\nimap = "127.0.0.1"\nsecret = "env:B"\n')
    assert own.returns is not None
    assert own.returns.address == "bounces@example.com"
    assert parsed(ONE).returns is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it names no seed: write [[seed]]"),
        ("seed = 3", "seed is a list of tables: write [[seed]]"),
        ("[seed]", "seed is a list of tables: write [[seed]]"),
        ("[[seed", "at end of document"),
        ("seeds = []", "the file has no key 'seeds': did you mean seed?"),
        (ONE + 'mecanism = "xoauth2"', "seed 1 has no key 'mecanism': did you mean mechanism?"),
        (ONE + 'mechanism = "plain"', "seed 1, mechanism: 'plain': choose one of password, xoauth2, oauthbearer"),
        (ONE + 'tls = "yes"', "seed 1, tls: 'yes': choose one of implicit, starttls, none"),
        (ONE + "user = 3", "seed 1, user: a text is expected"),
        (ONE + 'user = "a\\r\\nb"', "seed 1, user: it has a line break"),
        (ONE + 'maildir = "x"', "seed 1: imap and maildir exclude each other"),
        ("[[seed]]", "seed 1, address: it is missing"),
        ('[[seed]]\naddress = "ada"', "seed 1, address: 'ada' is no e-mail address"),
        ('[[seed]]\naddress = "a d@example.com"', "is no e-mail address"),
        ('[[seed]]\naddress = "ada@exa_mple..com"', "seed 1, address: "),
        ('[[seed]]\naddress = "ada@example.com"', "where is the mailbox of ada@example.com?"),
        ('[[seed]]\naddress = "ada@gmail.com"', "seed 1: say where its secret is"),
        (ONE.replace("imap.example.com", "imap.example.com:0"), "seed 1, imap: '0' is no port"),
        (ONE.replace("imap.example.com", "imap.example.com:99999999999"), "is no port"),
        (ONE.replace("imap.example.com", "imaps://imap.example.com"), "seed 1, imap: "),
        (ONE.replace("imap.example.com", "192.0.2.1") + 'tls = "none"', "would travel in the clear"),
        (ONE + ONE.replace("ada@example.com", "ADA@example.com"), "seed 2: ADA@example.com is seed 1 already"),
        (f'returns = "bob@example.com"\n{ONE}', "returns: 'bob@example.com' is no seed of this file"),
        (f"{ONE}[returns]\n", "[returns], address: it is missing"),
        ("[defaults]\naddress = 3\n" + ONE, "[defaults] has no key 'address'"),
        ("defaults = 3\n" + ONE, "defaults is a table: write [defaults]"),
        ('[[seed]]\naddress = "ada@example.com"\nmbox = "x"\nsecret = "env:A"', "secret has no use beside mbox"),
        (ONE * 501, "it names 501 seeds, and 500 is the most"),
        ("[" * 5000, "seeds.toml"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parsed(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "line", ['secret = "hunter2"', 'password = "hunter2"', 'Token = "hunter2"', 'secret = ["hunter2"]']
)
def test_a_secret_itself_is_refused_and_never_shown(line: str) -> None:
    said = refused(ONE.replace('secret = "env:ADA"', line))
    assert "never the secret itself" in said
    assert "hunter2" not in said


def test_a_file_that_is_not_there_is_told_how_to_come_about(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="deliverkit seed init writes one"):
        read_seeds(tmp_path / "seeds.toml")
    (tmp_path / "seeds.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="no text in UTF-8"):
        read_seeds(tmp_path / "seeds.toml")
    (tmp_path / "seeds.toml").write_bytes(b"#" * (1 << 21))
    with pytest.raises(UsageError, match="larger than 1 MiB"):
        read_seeds(tmp_path / "seeds.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        read_seeds(tmp_path)
