"""Scripts: SMTP conversations written down line by line, with what is expected of the host (docs/scripts.md).

This room only reads and writes them: `parse_script`, `format_script`, `record`; gives them what they need (`fill`,
`find_needs`); and says what they do to others (`rcpt_probes`, `tried_domains`,
`is_restricted`). `clients/smtp/conversing` holds them.
"""

from deliverkit.script.cutting import drop_after, quit_after, steps_of
from deliverkit.script.filling import Needs, fill, find_needs, is_for_each_host
from deliverkit.script.formatting import format_script
from deliverkit.script.judging import is_restricted, rcpt_probes, tried_domains
from deliverkit.script.parsing import parse_script
from deliverkit.script.recording import record
from deliverkit.script.shelf import Shipped, load, shipped
from deliverkit.script.syntax import Script
from deliverkit.script.walking import every_statement

__all__ = [
    "Needs",
    "Script",
    "Shipped",
    "drop_after",
    "every_statement",
    "fill",
    "find_needs",
    "format_script",
    "is_for_each_host",
    "is_restricted",
    "load",
    "parse_script",
    "quit_after",
    "rcpt_probes",
    "record",
    "shipped",
    "steps_of",
    "tried_domains",
]
