"""What is said to mail hosts where nothing else is chosen: the script ``greet``, which sends no mail."""

from __future__ import annotations

from deliverkit.clients.own_name import own_name
from deliverkit.facts.conversing import GREET, Conversing
from deliverkit.standards.smtp.target import SMTP_PORT

LAB_NAME = "probe.example"  # how the lab is greeted: a world has no name of this machine's


def greeting(*, lab: bool, helo: str = "", port: int = SMTP_PORT) -> Conversing:
    """The greeting, by that name; else by this machine's."""
    return Conversing(GREET, "", port, (("helo", (helo or name_of(lab=lab),)),))


def name_of(*, lab: bool) -> str:
    """The name by which hosts are greeted."""
    return LAB_NAME if lab else own_name()
