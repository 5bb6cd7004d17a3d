"""A check's page for a terminal: headings stand out, examples are set in, nothing of the markup is left."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.render.look import Look


def render_page(markdown: str, look: Look) -> str:
    """The page as plain text."""
    return look.finish("\n".join(_lines(markdown, look)))


def _lines(markdown: str, look: Look) -> Iterator[str]:
    is_example = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            is_example = not is_example
        elif is_example:
            yield f"    {line}".rstrip()
        elif line.startswith("#"):
            yield look.paint(line.lstrip("# "), "bold")
        else:
            yield line.replace("``", "")
