"""X-Spamd-Result and X-Rspamd-Action, as rspamd's milter headers have them."""

from __future__ import annotations

import re
from datetime import date

from deliverkit.model import Reference, Span
from deliverkit.standards.spam_headers.spamassassin import Read
from deliverkit.standards.spam_headers.verdict import MOST_MARKS, NUMBER, Mark, mark_of

SOURCE = Reference("rspamd documentation", "Actions and scores; Milter headers module", date(2026, 11, 25))
_RESULT = re.compile(rf"\s*+[\w-]{{1,64}}:\s*+(True|False)\s*+\[\s*+({NUMBER})\s*+/\s*+({NUMBER})\s*+\]", re.ASCII)
_SYMBOL = re.compile(rf"(?<![\w(])([A-Z][A-Z0-9_]{{1,100}}) ?\(({NUMBER})\)(?: ?\[[^\]]*+)?+", re.ASCII)
_ACTIONS = {  # the action, whether it says spam, what it means
    "no action": (False, "nothing speaks for doing anything"),
    "greylist": (None, "it would be deferred once, to see whether it comes again"),
    "add header": (True, "it is probably spam, and is marked so for the mailbox's own filter"),
    "rewrite subject": (True, "it is probably spam, and its subject is marked"),
    "soft reject": (None, "it would be refused for now"),
    "reject": (True, "it is spam, to be refused"),
    "discard": (True, "it is thrown away without a word"),
    "quarantine": (True, "it is kept back"),
}


def read_result(text: str) -> Read:
    """``default: False [-0.81 / 15.00]; SYMBOL(-1.00)[…]; …``: the limit is that for refusing."""
    found = _RESULT.match(text)
    if found is None:
        return None, ()
    is_refused = found[1] == "True"
    meaning = f"the score is {'at or above' if is_refused else 'below'} the one for refusing"
    marks = [
        mark_of("flag", found, 1)._replace(meaning=meaning, source=SOURCE),
        mark_of("score", found, 2),
        mark_of("required", found, 3)._replace(meaning="from this score on it would be refused", source=SOURCE),
    ]
    symbols = zip(range(MOST_MARKS), _SYMBOL.finditer(text, found.end()), strict=False)
    marks += [Mark(symbol[1], symbol[2], Span(*symbol.span(2)), float(symbol[2])) for _, symbol in symbols]
    return is_refused or None, tuple(marks)


def read_action(text: str) -> Read:
    """The action that the filter proposes."""
    action = text.strip().lower()
    is_spam, meaning = _ACTIONS.get(action, (None, ""))
    start = len(text) - len(text.lstrip())
    mark = Mark("action", text.strip(), Span(start, start + len(action)), None, meaning, SOURCE if meaning else None)
    return is_spam, (mark,) if action else ()
