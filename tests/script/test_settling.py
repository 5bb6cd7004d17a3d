"""A settled script holds the same conversation as the script that it was made of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.clients.smtp import Course
from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import NOTHING
from deliverkit.observations.smtp import Handshake, HelloAnswer, Unmet
from deliverkit.script import Script, fill, format_script, parse_script
from deliverkit.script.settling import settle
from deliverkit.standards.smtp.reply import Reply
from deliverkit.standards.tls.client_hello import ClientHello

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from(["x", ".", ".y", "1", "z\r\nRSET", "é"])
CONDITIONS = st.builds("{}{}".format, st.sampled_from(["", "not "]), NAMES.map("set {}".format) | st.just("reply 2xx"))


class _Heard:
    """A session with a host that by turns asks for a message and takes it."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, int]] = []
        self.replies = 0

    waiting = 0

    def limit(self, seconds: float) -> None:
        """It waits for nothing."""

    async def send(self, data: bytes, *, line: int = 0, shown: bytes | None = None) -> None:
        assert shown is None
        self.sent.append((data, line))

    async def follow(self, course: Course) -> None:
        """It leaves every statement to the conversation's task."""

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:  # noqa: ARG002 - as sessions do
        self.replies += 1
        return Reply(354 if self.replies % 2 else 250, ("ok",))

    async def hears(self, within: float) -> bool:
        raise NotImplementedError(within)

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        raise NotImplementedError(line, version)

    async def say_hello(self, hello: ClientHello, said: bytes, *, line: int = 0) -> HelloAnswer:
        raise NotImplementedError(hello, said, line)

    async def listen(self, seconds: float, *, line: int = 0) -> None:
        raise NotImplementedError(seconds, line)

    def close(self, *, line: int = 0) -> None:
        """There is nothing to close."""


def _block(first: str, body: Sequence[str], otherwise: Sequence[str] | None) -> str:
    lines = [f"{first} {{", *body, *(["} else {", *otherwise] if otherwise is not None else []), "}"]
    return "\n".join(lines)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, max_size=3)
    return (
        st.builds(_block, CONDITIONS.map("if {}".format), bodies, st.none() | bodies)
        | st.builds(_block, st.just("repeat 2"), bodies, st.none())
        | st.builds(_block, st.builds("for each {} in p q".format, NAMES), bodies, st.none())
        | st.builds(_block, st.builds("for each {}".format, NAMES), bodies, st.none())
        | st.builds(_block, st.builds("for each {} keep".format, NAMES), bodies, st.none())
    )


PLAIN = st.one_of(
    st.builds("> {} {{{}}}{{{}}}".format, st.sampled_from(["MAIL", "."]), NAMES, NAMES),
    NAMES.map("> {{{}}}!".format),
    st.builds("set {} {} {{{}}}".format, NAMES, st.sampled_from(["=", "?="]), NAMES),
    st.builds("set {} {} v".format, NAMES, st.sampled_from(["=", "?="])),
    st.sampled_from(["", "# a remark", "< 2xx|3xx", "<+ 2xx", "<? 250"]),
)
SCRIPTS = st.lists(st.recursive(PLAIN, _blocks, max_leaves=12), min_size=1, max_size=6).map("\n".join)


def _said(script: Script) -> tuple[list[tuple[bytes, int]], tuple[Unmet, ...]]:
    session = _Heard()
    held = asyncio.run(converse(script, session, NOTHING))
    return session.sent, held.unmet


@given(SCRIPTS, st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=2).map(tuple)))
def test_the_same_is_said_and_the_same_is_missed(text: str, variables: dict[str, tuple[str, ...]]) -> None:
    [script] = fill(parse_script(text), variables)
    assert _said(settle(script)) == _said(script)


def test_what_the_given_variables_decide_is_decided_once() -> None:
    script = parse_script('# about\nset b ?= 2\nif set a {\n  > A {a}\n} else {\n  > B\n}\n> C {b}{n}\ngiven a = "1"\n')
    assert format_script(settle(script)) == '> A 1\n> C 2{n}\ngiven a = "1"\n'


def test_a_loop_that_keeps_the_one_value_that_there_is_is_laid_out() -> None:
    text = "for each a keep {\n  > R {a}\n  <+ 250\n}\nfor each a {\n  <+ 250\n}\n"
    one, two = f'{text}given a = "1"\n', f'{text}given a = "1" "2"\n'
    assert format_script(settle(parse_script(one))) == '> R 1\n< 250\n<+ 250\ngiven a = "1"\n'
    assert format_script(settle(parse_script(two))) == two


def test_a_loop_over_the_one_given_value_is_laid_out_where_nothing_in_it_asks_for_the_value() -> None:
    given_value, loop = 'given a = "1"\n', "for each a {\n  > R {a}\n  < 250\n}\n"
    assert format_script(settle(parse_script(loop + given_value))) == f"> R 1\n< 250\n{given_value}"
    several = f'{loop}given a = "1" "2"\n'  # of which it is told in whose turn something went wrong
    assert format_script(settle(parse_script(several))) == several
    for kept in (
        "for each a {\n  > {a}\n}\n",
        'for each a {\n  < 250 "{a}"\n}\n',
        'for each a in "1" {\n  > R {a}\n}\n',
    ):
        assert format_script(settle(parse_script(kept + given_value))) == kept + given_value
