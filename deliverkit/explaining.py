"""A check's page, from the one text that the check's module holds; a script's; and what an SMTP reply means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.registry import checks
from deliverkit.errors import UsageError
from deliverkit.knowledge.pasted import host_in, parse_pasted
from deliverkit.knowledge.replies import Reading, read_reply
from deliverkit.model import Check
from deliverkit.profiles import suggestion
from deliverkit.render.look import Look
from deliverkit.render.reply import render_reading
from deliverkit.script import Shipped, load, shipped


def explain(word: str) -> str:
    """The page of a check, by its code or name, or of a script, as Markdown; or what an SMTP reply means, as text.

    Raises:
        UsageError: there is no such check or script, and it is no reply.
    """
    reading = find_reading(word)
    if reading:
        return render_reading(reading, Look())
    return page_of_script(load(word)) if word in shipped() else page(find_check(word))


def find_reading(text: str, *, host: str = "") -> Reading | None:
    """What the SMTP reply in the text means, said by ``host``, else by whom the text names; None: there is no reply."""
    reply = parse_pasted(text)
    return read_reply(reply, host or host_in(text)) if reply else None


def find_check(word: str) -> Check:
    """The check of that code or name.

    Raises:
        UsageError: there is none; names the nearest.
    """
    wanted = word.strip().lower()
    for check in checks():
        if wanted in {check.code.lower(), check.name}:
            return check
    if not wanted or " " in wanted:
        raise UsageError("this is no reply of a mail host, which begins with its code, such as 550 5.1.1 no such user")
    raise UsageError(f"there is no check {word!r}{suggestion(wanted)}")


def page(check: Check) -> str:
    """The check's page in Markdown: heading, severity and age, then the module's own text."""
    head = f"# {check.code} {check.name}\n\n{check.severity.word} · {check.area} · since {check.since}\n\n"
    return head + check.doc.strip() + "\n"


def page_of_script(script: Shipped) -> str:
    """The page of a script that deliverkit brings in Markdown: what it shows, needs, and with whom it may be held."""
    printing = f"deliverkit smtp --script {script.name} --show-script prints it."
    return "\n".join([f"# {script.name}", "", *_paragraphs(script.page), "", printing, ""])


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """A script's page: a line that is not indented begins a paragraph."""
    for at, line in enumerate(filter(None, lines)):
        if at and not line.startswith(" "):
            yield ""
        yield line.strip()


def index() -> str:
    """All checks, a line each, in Markdown."""
    rows = [f"| [{c.code}]({c.code}.md) | {c.name} | {c.severity.word} | {c.sentence} |" for c in checks()]
    return "\n".join(["# Checks", "", "| code | name | severity | what it finds |", "|---|---|---|---|", *rows, ""])
