"""The options that several commands share, and what they come to."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from deliverkit.classes import Frozen, field
from deliverkit.clients.smtp.provisions import NOTHING, Provisions
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import Conversing
from deliverkit.model import Severity
from deliverkit.profiles import opted_in
from deliverkit.render.look import Detail, Look

FORMATS = ("table", "json", "jsonl", "markdown", "html", "junit", "sarif")
FAIL_ON = {**{severity.word: severity for severity in Severity}, "never": None}
OWN = frozenset({"ips", "mail_from", "helo"})  # parameters of single commands
NARROW = 80  # columns of a terminal that does not say how wide it is
PROFILE_NAMES = ("domain", "sending", "parked", "internal")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Options(Frozen):
    """What the options of an examining command say; ``expected`` fills fields of `Expectations`.

    ``conversing`` is what is said to mail hosts, ``provisions`` what may be used for it; ``log`` and ``record`` are
    the files that keep it, a line for each conversation, and the last one as a script. ``talking``: mail hosts are
    spoken to beside what is looked up.
    """

    profile: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    format: str
    fail_on: Severity | None
    resolvers: tuple[str, ...]
    timeout: float
    lab: str | None
    save: str | None
    redact: bool
    case: str | None
    now: datetime | None
    what_if: str | None
    config: str | None
    fix: bool
    authoritative: bool
    compare: tuple[str, ...]
    wait: tuple[str, ...]
    wait_at_most: float
    look: Look
    expected: Mapping[str, object] = field(default_factory=dict)
    conversing: Conversing | None = None
    provisions: Provisions = NOTHING
    log: str | None = None
    record: str | None = None
    talking: bool = False

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of checks that are wanted beside the usual ones."""
        return opted_in(authoritative=self.authoritative, compared=self.compare, talking=self.talking)


def examining(
    command: Callable[..., Any], own: Iterable[str] | None = None, *, takes: str = "DOMAIN"
) -> Callable[..., Any]:
    """The options of every command that examines domains; they reach it as one `Options` value, beside its own.

    ``own`` are the names of these; without any, the command's parameters that have names alone. ``takes`` is what the
    help calls that which is examined.
    """
    if own is None:
        own = [name for name, one in inspect.signature(command).parameters.items() if one.kind is one.KEYWORD_ONLY]

    def with_options(domains: tuple[str, ...], **values: Any) -> None:
        kept = {name: values.pop(name) for name in own}
        command(domains, _options(**values), **kept)

    with_options.__doc__ = command.__doc__
    targets: Decorator = click.argument("domains", nargs=-1, metavar=f"{takes}...")
    for decorator in reversed((targets, *_CHOOSING, *_RUNNING, *_ASKING, *_KEEPING)):
        with_options = decorator(with_options)
    return with_options


def trying(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that tries this machine and takes no domain; they reach it as one `Options` value."""
    unused: dict[str, Any] = {
        "config": None,
        "fix": False,
        "profile": None,
        "what_if": None,
        "authoritative": False,
        "compare": (),
        "wait": (),
        "wait_at_most": 0.0,
    }

    def with_options(**values: Any) -> None:
        command(_options(**unused, **values))

    with_options.__doc__ = command.__doc__
    for decorator in reversed((*_RUNNING, *_KEEPING)):
        with_options = decorator(with_options)
    return with_options


_CHOOSING: tuple[Decorator, ...] = (
    click.option("--config", metavar="FILE", help="Read this deliverkit.toml; else the one of this folder or above."),
    click.option("--profile", metavar="NAME", help=f"One of {', '.join(PROFILE_NAMES)}; else domain, or the case's."),
)  # fmt: skip
_RUNNING: tuple[Decorator, ...] = (
    click.option("--only", multiple=True, metavar="CHECK", help="Run this check or area alone (repeat it, or commas)."),
    click.option("--skip", multiple=True, metavar="CHECK", help="Leave this check or area out."),
    click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True,
                 help="jsonl is a line for each target, as soon as it is done; all others are in the order given."),
    click.option("--fail-on", type=click.Choice(list(FAIL_ON)), default="error", show_default=True,
                 help="The least severity that makes the exit code 1."),
    click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]",
                 help="Ask this resolver (repeat it for several); else the system's."),
    click.option("--timeout", type=click.FloatRange(0.1, 300), default=5.0, show_default=True,
                 help="Seconds until a question is given up."),
    click.option("--lab", metavar="WORLD", help="Run in this world of the lab; nothing leaves the machine."),
)  # fmt: skip
_ASKING: tuple[Decorator, ...] = (
    click.option("--what-if", metavar="FILE",
                 help="Judge with these records laid over the published ones: a zone file, or a fix's - and + lines."),
    click.option("--fix", is_flag=True,
                 help="End with all fixes as one zone snippet, which --what-if reads; with -q that alone."),
    click.option("--authoritative", is_flag=True,
                 help="Ask every name server of the zone itself, and set the answers side by side."),
    click.option("--compare", multiple=True, metavar="IP[:PORT]",
                 help="Set this resolver's answers beside the others' (repeat it for several)."),
    click.option("--wait", multiple=True, metavar="RECORD",
                 help="First wait until this record, a zone line or a fix's - or + line, is visible everywhere."),
    click.option("--wait-at-most", type=click.FloatRange(0, 86400), default=600.0, show_default=True, metavar="SECONDS",
                 help="Seconds until waiting is given up."),
)  # fmt: skip
_KEEPING: tuple[Decorator, ...] = (
    click.option("--save", metavar="CASE", help="Keep every answer in this case file."),
    click.option("--redact", is_flag=True, help="Replace names and addresses in the saved case by tokens."),
    click.option("--case", metavar="CASE", help="Judge this case file again, offline, as of its own time."),
    click.option("--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
                 help="Judge as of this time (UTC)."),
    click.option("-v", "--verbose", is_flag=True, help="Unfold the notes, and say what each check found."),
    click.option("-q", "--quiet", is_flag=True, help="The verdict alone."),
)  # fmt: skip


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Options that do not go together: whether they are given so, and what to say then."""
    case, what_if = bool(values["case"]), bool(values["what_if"])
    others = bool(values["authoritative"] or values["compare"])
    yield (
        case and bool(values["lab"] or values["resolvers"]),
        "--case is judged offline: leave --lab and --resolver out",
    )
    yield (
        case and (others or bool(values["wait"])),
        "--case holds what was asked then: leave --authoritative, --compare and --wait out",
    )
    yield (
        what_if and others,
        "--what-if lays records over what one resolver says: leave --authoritative and --compare out",
    )
    yield (
        values["redact"] and not values["save"],
        "--redact is about the case file that --save writes: give --save CASE, too",
    )
    yield (
        values["fix"] and values["format"] != "table",
        "--fix goes with --format table: the other formats have the fixes beside the faults",
    )


def _options(*, verbose: bool, quiet: bool, fail_on: str, now: datetime | None, **values: Any) -> Options:
    for is_so, complaint in _contradictions(values):
        if is_so:
            raise UsageError(complaint)
    look = look_of_stdout(detail_of(verbose=verbose, quiet=quiet))
    for key in ("only", "skip"):
        given, values[key] = values[key], tuple(_words(values[key]))
        if given and not values[key]:
            raise UsageError(f"--{key} names no check: give codes, names or areas")
    moment = now.replace(tzinfo=UTC) if now else None
    return Options(fail_on=FAIL_ON[fail_on], look=look, now=moment, **values)


def refuse_beside_case(names: Iterable[str]) -> None:
    """Refuse parameters of the command, by their names, that say how to talk: a case holds what was said then.

    Raises:
        UsageError: one was given; says which.
    """
    context = click.get_current_context()
    given = {one for one in names if context.get_parameter_source(one) is click.core.ParameterSource.COMMANDLINE}
    options = [max(one.opts, key=len) for one in context.command.params if one.name in given]
    if options:
        raise UsageError(f"--case holds what was said then: leave {' and '.join(options)} out")


def detail_of(*, verbose: bool, quiet: bool) -> Detail:
    """How much is said, by -v and -q.

    Raises:
        UsageError: both are given.
    """
    if verbose and quiet:
        raise UsageError("--verbose and --quiet exclude each other: give one of them")
    return Detail.EVERYTHING if verbose else Detail.VERDICT if quiet else Detail.USUAL


def look_of_stdout(detail: Detail = Detail.USUAL) -> Look:
    """What the reader of standard output can show."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    is_dumb = os.environ.get("TERM") == "dumb"
    return Look(
        width=_columns() if is_terminal or "COLUMNS" in os.environ else None,
        has_colour=is_terminal and not is_dumb and not os.environ.get("NO_COLOR"),
        has_unicode=_can_encode("✓–…"),
        detail=detail,
    )


def _columns() -> int:
    """The terminal's width, as `shutil` finds it, which brings all kinds of archives with it."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or NARROW
    except (AttributeError, ValueError, OSError):
        return NARROW


def _can_encode(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


def _words(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from (word for word in value.split(",") if word.strip())
