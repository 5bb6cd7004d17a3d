"""``deliverkit config``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from deliverkit.cli.files import CONFIG, read_config
from deliverkit.config import Config
from deliverkit.model import Waiver
from deliverkit.render.text import escape


@click.group("config")
def command() -> None:
    """The file deliverkit.toml of this folder or of one above."""


@command.command("check")
@click.argument("file", required=False)
def check(file: str | None) -> None:
    """Say what is read, and from where; exit code 2 where it cannot be used.

    Without FILE it is the one that every command would read from here.
    """
    click.echo("\n".join(_lines(read_config(file))))


def _lines(config: Config | None) -> Iterator[str]:
    if config is None:
        yield f"no {CONFIG} in this folder or above: every command runs as it is"
        return
    yield f"read from {config.path}"
    yield f"profile: {config.profile or 'none is named, so domain'}"
    for key, value in config.expectations.items():
        yield f"expected: {key} = {escape(_shown(value))}"
    for code, severity in sorted(config.severities.items()):
        yield f"severity: {code} is of class {severity.word}"
    yield from map(_waiver, config.waivers)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _waiver(waiver: Waiver) -> str:
    state = "until" if waiver.is_valid(datetime.now(UTC).date()) else "is over since"
    where = f" for {waiver.domain}" if waiver.domain else ""
    return f"waived: {waiver.code}{where} {state} {waiver.until}: {escape(waiver.reason)}"
