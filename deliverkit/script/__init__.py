"""Scripts: SMTP conversations written down line by line, with what is expected of the host (docs/scripts.md).

This room only reads and writes them: `parse_script`, `format_script`; gives them what they need (`fill`,
`find_needs`). What they do to others `judging` says. `clients/smtp/conversing` holds them.
"""

from deliverkit.script.filling import Needs, fill, find_needs, is_for_each_host
from deliverkit.script.formatting import format_script
from deliverkit.script.parsing import parse_script, text_of
from deliverkit.script.shelf import Shipped, load, shipped
from deliverkit.script.syntax import Script
from deliverkit.script.walking import every_statement

__all__ = [
    "Needs",
    "Script",
    "Shipped",
    "asks_what_is_offered",
    "every_statement",
    "fill",
    "find_needs",
    "format_script",
    "is_for_each_host",
    "load",
    "parse_script",
    "shipped",
    "speaks_tls",
    "text_of",
]
