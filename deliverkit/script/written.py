"""The message that a script writes itself, line by line."""

from __future__ import annotations

from deliverkit.script import syntax
from deliverkit.script.rendering import Values
from deliverkit.script.syntax import Script


def written_message(script: Script) -> bytes:
    """What stands between DATA and the dot that ends it, in a settled script; empty: it writes no message."""
    variables = {**script.first}
    values, lines = Values(variables, lambda _: None), list[str]()
    for one in script.steps:
        if isinstance(one, syntax.Set):
            if not (one.is_default and one.name in variables):
                variables[one.name] = values.text(one.value)
        elif isinstance(one, syntax.Send):
            lines.append(values.text(one.text))
    if "DATA" not in lines:
        return b""
    begin = lines.index("DATA") + 1
    return "".join(f"{line}\r\n" for line in lines[begin : lines.index(".", begin)]).encode()
