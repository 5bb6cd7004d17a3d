"""What is imported when: start-up is lazy, and stays so."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "dns",
    "asyncio",
    "ssl",
    "socket",
    "aiosmtplib",
    "spf",
    "dkim",
    "tabulate",
    "idna",
    "cryptography",
    "tomllib",
    "h11",
}


def loaded(code: str) -> set[str]:
    script = (
        f"import sys, json\nbefore = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    finished = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(json.loads(finished.stdout.splitlines()[-1]))


def test_the_package_alone_loads_its_version_and_nothing_more() -> None:
    ours = {name for name in loaded("import deliverkit") if name.startswith("deliverkit")}
    assert ours == {"deliverkit", "deliverkit.version"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_click_and_the_command_table(arguments: list[str]) -> None:
    code = f"import deliverkit.cli\ntry:\n    deliverkit.cli.cli.main({arguments!r})\nexcept SystemExit:\n    pass"
    modules = loaded(code)
    assert {name for name in modules if name.startswith("deliverkit")} == {
        "deliverkit",
        "deliverkit.cli",
        "deliverkit.errors",
        "deliverkit.version",
    }
    assert not HEAVY & {name.partition(".")[0] for name in modules}


def test_explaining_needs_no_network_library() -> None:
    modules = loaded("import deliverkit\ndeliverkit.explain('MX004')")
    assert "deliverkit.explaining" in modules
    assert not {"dns", "asyncio", "ssl", "aiosmtplib", "spf", "dkim"} & {name.partition(".")[0] for name in modules}
