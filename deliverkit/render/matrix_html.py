"""The matrix of hosts and steps in HTML: codes in the colour of their class, what a row comes to beneath it."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.render.markup import in_html
from deliverkit.render.matrix import class_of, usual_of
from deliverkit.render.tables import Table


def matrix_lines(table: Table) -> Iterator[str]:
    """The table: on a narrow screen its steps scroll, and what they come to stays where it is read."""
    usual, last = usual_of([row[-1] for row in table.rows])
    columns = len(table.headers) - 1
    yield f'<div class="scroll"><table><tr>{"".join(f"<th>{in_html(word)}" for word in table.headers[:-1])}</tr>'
    for row in table.rows:
        yield f"<tr>{''.join(map(_cell, row[:-1]))}</tr>"
        if row[-1] != usual:
            yield f'<tr><td class="below" colspan="{columns}"><div>{in_html(row[-1])}</div></tr>'
    yield "</table></div>"
    yield from (f'<p class="quiet">{in_html(text)}</p>' for text in (last, table.legend) if text)


def _cell(text: str) -> str:
    kind = class_of(text)
    return f'<td class="{kind}">{in_html(text)}' if kind else f"<td>{in_html(text)}"
