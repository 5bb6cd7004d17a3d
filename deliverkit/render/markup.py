"""Text within HTML, wherever it stands: in pages, in charts, in Markdown."""

from __future__ import annotations

from html import escape as escape_html

from deliverkit.render.text import escape


def in_html(given: str) -> str:
    """Text from the network, with nothing left that a browser would obey."""
    return escape_html(escape(given))
