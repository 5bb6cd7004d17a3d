"""What a campaign's seed test needs, read and looked for before anything is asked or sent."""

from __future__ import annotations

from deliverkit.classes import replace
from deliverkit.clients.secrets import why_missing
from deliverkit.errors import UsageError
from deliverkit.preflight.campaign import Campaign
from deliverkit.seeds.copies import is_signed
from deliverkit.seeds.mailing import Mailing, read_mailing
from deliverkit.seeds.parts import Parts
from deliverkit.seeds.seedfile import SeedFile, read_seeds, refuse_unreadable


def mailing_for(campaign: Campaign, message: bytes) -> Mailing:
    """What the seed test's copies are made from, or how copies that a platform sends are recognised.

    Raises:
        UsageError: there is no message, or it cannot be sent as copies.
    """
    if not message:
        raise UsageError(f'{campaign.path}: a seed test needs the message: write message = "message.eml", or [message]')
    is_composed = isinstance(campaign.message, Parts)
    place = "[message]" if is_composed else f"message: {campaign.message}"
    try:
        mailing, has_signature = read_mailing(message), is_signed(message)
    except UsageError as error:
        raise UsageError(f"{campaign.path}, {place}: {error}") from None
    if has_signature and not campaign.seeds.is_external:
        raise UsageError(
            f"{campaign.path}, {place} is signed, and each copy has headers of its own, which would break the "
            "signature: have your own platform send it (external = true in [seeds]), or name the message as it is "
            "before it is signed"
        )
    return replace(mailing, is_composed=is_composed)


def seeds_of(campaign: Campaign) -> SeedFile | None:
    """The campaign's seed file, if it has one.

    Raises:
        UsageError: it cannot be read.
    """
    return read_seeds(campaign.seeds.file) if campaign.seeds.file else None


def refuse_missing_secrets(campaign: Campaign, file: SeedFile, *, is_sent: bool) -> None:
    """Refuse a test whose copies could not be handed over, unless they are already, or not be found again.

    Raises:
        UsageError: a variable or a file that is to hold a secret is not there.
    """
    plan = campaign.seeds
    why = why_missing(plan.secret) if plan.user and not is_sent else ""
    if why:
        raise UsageError(
            f"{campaign.path}, [seeds] secret: the password of {plan.user} cannot be had: {why}. Set it, or say where "
            "else it is"
        )
    refuse_unreadable(file)
