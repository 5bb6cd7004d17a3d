"""``deliverkit tls`` as a user types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands import run


def test_it_shows_six_verdicts_for_each_address() -> None:
    shown = run("tls", "good.example", "--lab", "tls-policy-certificate")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert re.search(r"  exchange +address +offered +TLS +chain +name +DANE +MTA-STS\n", shown.stdout)
    assert re.search(r"  mx1.good.example +11.0.1.25 +✓ +1.3 +✓ +✓ +delivers +delivers\n", shown.stdout)
    assert re.search(r"  mx2.good.example +11.0.2.25 +✓ +1.3 +✗ +✓ +delivers +✗ defers\n", shown.stdout)
    assert "  MTA-STS  mx2.good.example  defers  its certificate is not trusted: it is signed by itself" in shown.stdout
    assert re.search(
        r"  mx2.good.example +mx2.good.example +mx2.good.example +2027-01-21 +EC-256 +SHA256", shown.stdout
    )


@pytest.mark.parametrize(
    ("world", "code"),
    [
        ("tls-good", 0),
        ("tls-dane-mismatch", 1),
        ("tls-no-starttls", 1),
        ("tls-testing-certificate", 0),
        ("smtp-good", 0),
    ],
)
def test_the_exit_code(world: str, code: int) -> None:
    assert run("tls", "good.example", "--lab", world, "-q").returncode == code


def test_the_verdict_comes_first_and_alone_if_that_is_wanted() -> None:
    alone = run("tls", "good.example", "--lab", "tls-good", "-q").stdout
    assert alone == (
        "Mail to good.example is encrypted by every sender that can, and senders that know DANE or MTA-STS cannot be "
        "made to send it in the clear.\n"
    )
    shown = run("tls", "good.example", "--lab", "tls-good").stdout
    assert shown.startswith(f"{alone}\nAll 4 addresses of 2 mail hosts answer.\nTLS works at all 4 addresses")


def test_the_verdict_stands_in_every_format() -> None:
    for kind in ("json", "jsonl", "markdown", "html", "junit"):
        shown = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", kind).stdout
        assert "Senders that know DANE do not deliver at" in shown.replace("\\", "")
        assert shown.index("Senders that know DANE do not deliver") < shown.index(
            "All 4 addresses of 2 mail hosts answer"
        )


def test_a_host_that_is_named_has_dane_and_no_policy() -> None:
    shown = run("tls", "mx1.good.example:25", "--lab", "tls-good").stdout
    assert re.search(r"  mx1.good.example +11.0.1.25 +✓ +1.3 +✓ +✓ +delivers +–\n", shown)
    bare = run("tls", "11.0.1.25", "--lab", "tls-good").stdout
    assert re.search(r"  11.0.1.25 +11.0.1.25 +✓ +1.3 +✓ +– +– +–\n", bare)
    assert re.search(r"  11.0.1.25 +none +TLS 1.3", bare)


def test_protocols_are_tried_each_alone_and_kept_in_the_case(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    shown = run("tls", "good.example", "--lab", "tls-good", "--protocols", "--save", case).stdout
    for line in (
        r"SSL 3.0   – refused: the host sent the alert handshake failure",
        r"TLS 1.1   – refused: the host sent the alert protocol version",
        r"TLS 1.2   TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        r"TLS 1.3   TLS_AES_256",
    ):
        assert len(re.findall(rf"  mx[12].good.example +mx[12].good.example +{line}", shown)) == 2
    kept = json.loads(Path(case).read_text())["smtp"]
    assert len(kept) == 4 + 2 * 5  # one to each address, five more to each host
    again = run("tls", "--case", case).stdout
    assert again.partition("\n\n")[2].rpartition("\n\n")[0] == shown.partition("\n\n")[2].rpartition("\n\n")[0]


OWN = "TLS_ECDHE_ECDSA_WITH_"
WEAK = [f"{OWN}AES_256_GCM_SHA384", f"{OWN}AES_128_GCM_SHA256", f"{OWN}NULL_SHA"]


def suites_of(shown: str, host: str, version: str) -> list[str]:
    """The rows of the table of that host and version."""
    rows = shown.partition(f"  {host}, {version}")[2].partition("\n  in the order")[0]
    return [row.strip() for row in rows.splitlines()[1:]]


def test_ciphers_are_listed_as_the_host_prefers_them_and_the_weak_ones_say_why(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    shown = run("tls", "good.example", "--lab", "tls-weak-ciphers", "--ciphers", "--save", case)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert suites_of(shown.stdout, "mx1.good.example", "TLS 1.2") == [
        f"{OWN}AES_128_GCM_SHA256",
        f"{OWN}CHACHA20_POLY1305_SHA256",
    ]
    for host in ("mx1.good.example", "mx2.good.example"):
        assert suites_of(shown.stdout, host, "TLS 1.3") == [
            *("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
        ]
    *good, weak = suites_of(shown.stdout, "mx2.good.example", "TLS 1.2")
    assert (good, weak.split(None, 1)) == (WEAK[:2], [WEAK[2], "weak: NULL"])
    assert shown.stdout.count("  in the order in which the host takes them, which is its own\n") == 4
    assert "TLS012 weak-ciphers: mx2.good.example [11.0.2.25]:25 takes 1 weak cipher suite" in shown.stdout
    again = run("tls", "--case", case).stdout
    told, same = (text.partition("\n\n")[2].rpartition("\n\n")[0] for text in (shown.stdout, again))
    assert told == same
    kept = json.loads(Path(case).read_text())["smtp"]
    # 5 versions; the suites of each but the first, a refusal, and the order
    assert len(kept) == 4 + 2 * 5 + (1 + 1 + 1) + (2 + 1 + 1) + 2 * (2 + 1 + 1)


def test_a_redacted_case_keeps_the_ciphers(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    shown = run("tls", "good.example", "--lab", "tls-weak-ciphers", "--ciphers", "--save", case, "--redact").stdout
    again = run("tls", "--case", case).stdout
    told, same = (re.findall(r"^  TLS_.*$", text, re.MULTILINE) for text in (shown, again))
    assert len(told) == 2 + 3 + 3 + 3
    assert told == same
    assert "good.example" not in again


def test_json_has_the_ciphers_in_order() -> None:
    [report] = json.loads(
        run("tls", "good.example", "--lab", "tls-weak-ciphers", "--ciphers", "--format", "json").stdout
    )["reports"]
    told = {(one["endpoint"].split()[0], one["version"]): one for one in report["tls"]["protocols"]}
    weak = told["mx2.good.example", "1.2"]
    assert [one["name"] for one in weak["ciphers"]] == WEAK
    assert (weak["ciphers_whole"], weak["ciphers_order"], weak["cipher"]) == (True, "the host's", WEAK[0])
    assert weak["ciphers"][2] == {
        "number": "0xC006",
        "name": WEAK[2],
        "weak": ["NULL"],
        "authenticated": True,
        "forward_secrecy": True,
        "aead": False,
    }
    old = told["mx2.good.example", "1.0"]
    assert (old["ciphers"], old["ciphers_whole"], old["ciphers_order"], old["cipher"]) == ([], None, None, None)
    only = run("tls", "good.example", "--lab", "tls-weak-ciphers", "--protocols", "--format", "json").stdout
    assert {one["ciphers"] is None for one in json.loads(only)["reports"][0]["tls"]["protocols"]} == {True}


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_documents_have_the_ciphers(kind: str) -> None:
    shown = run("tls", "good.example", "--lab", "tls-weak-ciphers", "--ciphers", "--format", kind).stdout.replace(
        "\\", ""
    )
    assert WEAK[2] in shown
    assert "weak: NULL" in shown
    assert "in the order in which the host takes them, which is its own" in shown


@pytest.mark.parametrize(
    ("world", "fault"),
    [
        ("tls-certificate-expired", r"its certificate expired on \d{4}-\d\d-\d\d"),
        ("tls-certificate-self-signed", "its certificate is signed by itself and by no authority"),
        ("tls-certificate-wrong-name", r"the certificate is for www\.elsewhere\.example"),
    ],
)
def test_the_verdict_says_what_is_wrong_with_a_certificate(world: str, fault: str) -> None:
    verdict = run("tls", "good.example", "--lab", world).stdout.partition("\n\n")[0]
    assert re.search(rf" does not deliver at mx2\.good\.example \({fault}\)\.$", verdict)


def test_tls_comes_first_at_port_465(tmp_path: Path) -> None:
    case = f"{tmp_path}/case.json"
    arguments = ("--lab", "smtp-submission", "--protocols", "--save", case)
    shown = run("tls", "mx1.good.example:465", "mx1.good.example:587", *arguments)
    assert shown.returncode == 0, shown.stderr
    first, second = shown.stdout.split("\n\nMail to mx1.good.example:587 ")
    assert first.startswith("What is sent to mx1.good.example:465 is encrypted from the first octet on ")
    assert second.startswith(
        "is encrypted by every sender that can, and only one that does not insist on TLS can be made to send it in the "
        "clear"
    )
    for shown_of, port, offered in ((first, 465, "TLS from the start"), (second, 587, "STARTTLS")):
        assert f"port {port}, and _{port}._tcp.mx1.good.example has no TLSA record." in shown_of
        assert f"  offered: {offered}; DANE, " in shown_of
        assert "falls back" not in shown_of
        assert "exchanger" not in shown_of
    assert re.search(r"TLS 1.1 +– ", first)
    assert re.search(r"TLS 1.2 +TLS_ECDHE_", first)
    again = run("tls", "--case", case)
    assert again.stdout.startswith(first.partition("\n")[0])
    assert "does not hold" not in again.stdout


def test_a_redacted_case_shows_the_same(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    run("tls", "good.example", "--lab", "tls-dane-authority", "--protocols", "--save", case, "--redact")
    shown = run("tls", "--case", case)
    assert (shown.returncode, "good.example" in shown.stdout) == (1, False)
    assert len(re.findall(r"TLS 1.2   TLS_ECDHE_", shown.stdout)) == 2
    assert re.search(r"[\d.]{7,} +✓ +1.3 +✓ +✗ +✗ defers +✗ defers\n", shown.stdout)


def test_json_keeps_the_verdicts_apart() -> None:
    [report] = json.loads(run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", "json").stdout)[
        "reports"
    ]
    first, *_, last = report["tls"]["hosts"]
    assert set(first) == {
        *("endpoint", "host", "address"),
        *("advertised", "handshake", "chain", "name", "dane_sender", "mta_sts_sender"),
    }
    assert first["dane_sender"]["does"] == "delivers"
    assert last["dane_sender"] == {
        "does": "defers",
        "reason": "no TLSA record names the certificate that it shows",
        "fault": "certificate",
    }
    assert (last["mta_sts_sender"]["does"], last["chain"]["good"]) == ("delivers", True)
    assert report["tls"]["protocols"] is None


def test_it_shows_what_is_published() -> None:
    shown = run("tls", "good.example", "--lab", "tls-dane-mismatch").stdout
    for line in (
        r"record +at +DNSSEC +says",
        r"MX +good.example +✓ secure +10 mx1.good.example, 20 mx2.good.example",
        r"A +mx2.good.example +✓ secure +11.0.2.25",
        r"AAAA +mx2.good.example +✓ secure +2a11:db8:2::25",
        rf"TLSA +_25._tcp.mx2.good.example +✓ secure +3 1 1 {'b2' * 32}",
        r"MTA-STS +_mta-sts.good.example +v=STSv1; id=20261122090000Z",
        r"policy +mta-sts.good.example +mode enforce; max_age 604800 \(7 d\); mx mx1.good.example, mx2.good.example",
        r"TLS-RPT +_smtp._tls.good.example +v=TLSRPTv1; rua=mailto:tls-reports@good.example",
    ):
        assert re.search(rf"^  {line}$", shown, re.MULTILINE), line


@pytest.mark.parametrize(
    ("world", "line"),
    [
        ("dane-provider-unsigned", r"TLSA +_25._tcp.mx.provider.example +– not signed +3 1 1"),
        ("dane-forgeable", r"MX +good.example +\? cannot tell"),
        ("dane-usage", r"TLSA .* \(PKIX-EE: not for SMTP\)"),
        ("dane-lookup-fails", r"TLSA .* \? SERVFAIL"),
        ("dane-none", r"TLSA .* none"),
        ("mta-sts-redirect", r"policy .* none: the web server says 301, and to look at https://"),
        ("mta-sts-silent", r"policy .* none: it takes the connection and then says nothing"),
        ("mta-sts-bad-mode", r"policy .* \(not usable: mode is none of enforce, testing, none\)"),
        ("tls-none", r"MX +good.example +– +10 mx1"),
    ],
)
def test_what_is_published_is_never_shown_better_than_it_is(world: str, line: str) -> None:
    shown = run("tls", "good.example", "--lab", world).stdout
    assert re.search(rf"^  {line}", shown, re.MULTILINE), shown


def test_what_is_published_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'like = "tls-good"\n[[https]]\naddress = "11.0.9.81"\nhost = "mta-sts.good.example"\n'
        'body = "version: STSv1\\nmode: enforce\\nmx: \\u001b[2Jmx1.good.example\\nmax_age: 604800\\n"\n'
    )
    shown = run("tls", "good.example", "--lab", str(world)).stdout
    assert "\x1b" not in shown
    assert r"mx \x1b[2Jmx1.good.example (not usable: mx holds a control character)" in shown


def test_json_has_what_is_published() -> None:
    [report] = json.loads(run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", "json").stdout)[
        "reports"
    ]
    dns = report["tls"]["dns"]
    assert set(dns) == {"mx", "hosts", "dnssec_doubt", "mta_sts", "tls_rpt"}
    assert (dns["mx"]["security"], len(dns["mx"]["records"]), dns["dnssec_doubt"]) == ("secure", 2, None)
    last = dns["hosts"][1]
    assert (last["host"], last["security"]) == ("mx2.good.example", "secure")
    assert [(one["type"], one["security"]) for one in last["addresses"]] == [("A", "secure"), ("AAAA", "secure")]
    assert last["tlsa"]["name"] == "_25._tcp.mx2.good.example"
    [record] = last["tlsa"]["records"]
    assert (record["usage"], record["selector"], record["matching"], record["data"]) == (3, 1, 1, "b2" * 32)
    assert (record["usable"], record["defect"]) == (True, None)
    policy = dns["mta_sts"]["policy"]
    assert (policy["mode"], policy["max_age_s"], policy["usable"]) == ("enforce", 604800, True)
    assert policy["mx"] == ["mx1.good.example", "mx2.good.example"]
    assert dns["mta_sts"]["id"] == "20261122090000Z"
    assert dns["tls_rpt"]["rua"] == ["mailto:tls-reports@good.example"]


def test_addresses_of_a_host_that_differ_are_told_apart() -> None:
    shown = run("tls", "good.example", "--lab", "tls-none", "-v").stdout
    assert "  DANE     mx2.good.example  11.0.2.25       delivers in the clear  no TLSA record, and no" in shown
    assert "  DANE     mx2.good.example  2a11:db8:2::25  falls back             no TLSA record: TLS with any" in shown
    assert "  DANE     mx1.good.example                  falls back " in shown
    expired = run("tls", "good.example", "--lab", "tls-certificate-expired").stdout
    for address, until in (("11.0.2.25", "2026-11-21"), ("2a11:db8:2::25", "2027-01-21")):
        assert re.search(rf"  mx2.good.example +{address} +mx2.good.example .* {until} ", expired)


def test_tls_that_fails_is_not_called_tls_with_any_certificate() -> None:
    shown = run("tls", "good.example", "--lab", "tls-handshake-fails").stdout
    assert re.search(r"  mx2.good.example +11.0.2.25 +✓ +✗ +– +– +may go in the clear +may go in the clear\n", shown)
    assert "falls back: demands nothing, takes TLS with any certificate" in shown


@pytest.mark.parametrize(
    ("kind", "cell"), [("markdown", "| ✗ defers | delivers |"), ("html", "<td>✗ defers<td>delivers")]
)
def test_documents_have_the_table(kind: str, cell: str) -> None:
    assert cell in run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", kind).stdout


def test_that_there_is_no_tls_is_told_once_and_referred_to_shortly() -> None:
    shown = run("tls", "good.example", "--lab", "tls-no-starttls").stdout
    head, _, areas = shown.partition("\n")
    assert head.count("no TLS is offered") == 1
    verdicts = areas.partition("  record ")[0]
    assert "is offered" not in verdicts.replace("offers no TLS or whose", "")
    assert "senders that know MTA-STS pass over mx2.good.example for want of TLS." in verdicts
    assert "senders that know DANE do not deliver at mx2.good.example for want of TLS." in verdicts
    assert shown.count("offers no STARTTLS: mail to it travels in the clear") == 1
    told = json.loads(run("tls", "good.example", "--lab", "tls-no-starttls", "--format", "json").stdout)["reports"][0]
    bare = [host for host in told["tls"]["hosts"] if host["host"] == "mx2.good.example"]
    assert [host["dane_sender"]["reason"] for host in bare] == [
        "TLSA records demand TLS, and no STARTTLS is offered"
    ] * 2
    assert [host["mta_sts_sender"]["reason"] for host in bare] == ["no STARTTLS is offered"] * 2
    assert {result["code"] for result in told["results"] if result["outcome"] == "fail"} == {
        *("DANE010", "STS023", "TLS001", "SMTP013")
    }


def test_what_nothing_demands_is_not_told_again_but_with_all() -> None:
    """That no TLS is offered stands in the verdict and in the table of hosts; the reasons tell the rest."""
    assert "and no STARTTLS is offered" not in run("tls", "good.example", "--lab", "tls-none").stdout
    assert "no TLSA record, and no STARTTLS is offered" in run("tls", "good.example", "--lab", "tls-none", "-v").stdout


def test_where_no_host_offers_tls_those_who_demand_it_are_named_beside(tmp_path: Path) -> None:
    hosts = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx{n}.good.example"\ncertificate = ""\n'
        for n in (1, 2)
        for address in (f"11.0.{n}.25", f"2a11:db8:{n}::25")
    )
    (tmp_path / "bare.toml").write_text(f'like = "tls-good"\n{hosts}')
    shown = run("tls", "good.example", "--lab", str(tmp_path / "bare.toml"), "-q").stdout
    assert shown == (
        "No mail host of good.example offers TLS: senders that know DANE or MTA-STS hold mail back, and other mail "
        "travels in the clear.\n"
    )


def test_other_commands_have_no_such_key_filled() -> None:
    [report] = json.loads(run("smtp", "good.example", "--lab", "smtp-good", "--format", "json").stdout)["reports"]
    assert report["tls"] is None


@pytest.mark.parametrize("command", [("check", "--no-smtp"), ("tls", "--skip", "smtp,tls")])
def test_what_is_published_stands_there_where_nobody_is_spoken_to(command: tuple[str, ...]) -> None:
    name, *options = command
    shown = run(name, "good.example", "--lab", "tls-good", "--format", "json", *options)
    quiet = json.loads(shown.stdout)["reports"][0]["tls"]
    [report] = json.loads(run("tls", "good.example", "--lab", "tls-good", "--format", "json").stdout)["reports"]
    assert (quiet["hosts"], quiet["protocols"]) == ([], None)
    assert quiet["dns"].keys() == report["tls"]["dns"].keys()
    for dns in (quiet["dns"], report["tls"]["dns"]):
        dns["mx"]["records"].sort()  # a name server gives them in any order
    for part in ("mx", "dnssec_doubt", "mta_sts", "tls_rpt"):
        assert quiet["dns"][part] == report["tls"]["dns"][part]
    assert [host["security"] for host in quiet["dns"]["hosts"]] == ["secure", "secure"]


def test_what_is_proposed_is_held_against_the_certificates(tmp_path: Path) -> None:
    """Without its TLSA record, a host whose certificate no record names gets mail again."""
    fix = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--fix", "-q").stdout
    assert re.search(r"\+ _25._tcp.mx2.good.example. +3600 +IN +TLSA +3 1 1 [0-9a-f]{64}\n", fix)
    assert "\n- " not in fix
    gone = "- _25._tcp.mx2.good.example. 3600 IN TLSA 3 1 1 " + "b2" * 32
    (tmp_path / "fix").write_text(f"{gone}\n")
    shown = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--what-if", str(tmp_path / "fix")).stdout
    assert "DANE009" in shown.partition("With the proposed records:")[0]
    assert re.search(r"  mx2.good.example +11.0.2.25 +✓ +1.3 +✓ +✓ +falls back +delivers\n", shown)


@pytest.mark.parametrize(
    ("world", "line"),
    [
        ("tls-dane-mismatch", "name in the zone's form: _25._tcp.mx2 for _25._tcp.mx2.good.example"),
        ("mta-sts-exchanger-missing", "mx2.good.example: no mx of the policy means it"),
        ("mta-sts-hangs-up", "mta-sts.txt: it ends the connection before its answer is whole"),
        ("tls-no-starttls", "[11.0.2.25]:25, [2a11:db8:2::25]:25: TLSA records demand TLS, and no STARTTLS is offered"),
    ],
)
def test_evidence_and_fix_are_in_words(world: str, line: str) -> None:
    assert line in run("tls", "good.example", "--lab", world).stdout


def test_with_v_it_says_what_passed_and_what_does_not_apply() -> None:
    shown = run("tls", "good.example", "--lab", "tls-good", "-v").stdout
    assert "\n✓ passed, free of:\n" in shown
    assert "\n  DANE009 tlsa-matches-no-certificate\n" in shown
    assert "\n– do not apply:\n  " in shown
