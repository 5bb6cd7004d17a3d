"""A token that is refused: what the host says of it, in the verdict, the fix and the dialogue."""

from __future__ import annotations

from base64 import b64encode

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.wording import ending, reply_meaning
from deliverkit.facts.conversing import Conversing
from deliverkit.observations.smtp import Unmet
from deliverkit.script.rendering import SaidBack
from tests.building import finding
from tests.spoken import GREETED, LEFT, conversations, spoken

SAID = b64encode(b'{"status":"401","schemes":"Bearer","scope":"https://mail.google.com/"}')
NO = "535 5.7.8 Username and Password not accepted"
REFUSED = (*GREETED, b"> AUTH XOAUTH2 <secret:token>", b"< 334 " + SAID, b"> ", b"< " + NO.encode(), *LEFT)


def test_what_the_host_says_of_a_token_is_told() -> None:
    one = spoken(REFUSED, unmet=[Unmet(35, "235", NO)])
    assert ending(one) == "refuses the token (status 401), which is expired or lacks the scope https://mail.google.com/"
    found = finding(expectation_unmet, conversations(one, conversing=Conversing("submit")))
    assert found.fix is not None
    assert "get a new token that has the scope https://mail.google.com/" in found.fix.action
    asked = next(exchange for exchange in one.exchanges if exchange.reply.code == 334)
    assert reply_meaning(asked, "") == "refuses the token: status 401, scope https://mail.google.com/, schemes Bearer"


def test_a_refusal_without_it_is_what_it_is() -> None:
    lines = (*GREETED, b"> AUTH PLAIN <secret:password>", b"< " + NO.encode(), *LEFT)
    assert ending(spoken(lines, unmet=[Unmet(35, "235", NO)])).startswith("refuses AUTH: 535 5.7.8")


def test_what_every_sign_in_with_a_token_says_is_no_secret() -> None:
    response = b"user=ada\x01auth=Bearer ya29.very-secret-token\x01\x01"
    said_back = SaidBack({response: b"<secret:token>", b"ya29.very-secret-token": b"<secret:token>"})
    assert said_back.conceal(b"334 " + SAID) == b"334 " + SAID
    for shift in range(3):
        assert b"<secret:token>" in said_back.conceal(b64encode(bytes(shift) + response))
