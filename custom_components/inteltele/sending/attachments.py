"""What the house itself hosts for a message: a picture, and buttons that act there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..account.account import Account
from ..care.issues import async_tell_of_no_public_url, async_tell_of_unencrypted_answers
from ..delivery import Link, MessageRequest, Notice, Recipient
from ..exceptions import failure
from ..plain import get_logger
from ..public import (
    PLACEHOLDER,
    HostedPicture,
    Picture,
    PictureError,
    new_token,
)
from ..settings.public_url import public_url
from ..storage.answer_links import AnswerLink
from .answer_buttons import AnswerButton
from .picture_sources import async_prepare_picture

_LOGGER = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """What goes with the messages of one account.

    `image` and `picture_page` are the addresses of a picture and of its full size,
    `picture` is the name of its file.
    `links` are by number, `answer_links` the same as they are kept.
    """

    image: str | None = None
    picture_page: str | None = None
    picture: str | None = None
    button: AnswerButton | None = None
    links: Mapping[str, Link] = field(default_factory=dict)
    answer_links: Sequence[AnswerLink] = ()
    notices: frozenset[Notice] = frozenset()

    def put_into(self, request: MessageRequest) -> MessageRequest:
        """Return a request with these in it."""
        if self.image is not None:
            request = replace(
                request,
                image=self.image,
                picture_page=self.picture_page,
                picture=self.picture,
            )
        if self.button is not None:
            request = replace(
                request,
                button_text=self.button.text,
                links=self.links,
                latest=int(self.button.valid_for.total_seconds()),
            )
        return request


async def async_attach(
    hass: HomeAssistant,
    addressees: Mapping[Account, Sequence[Recipient]],
    button: AnswerButton | None,
    media: str | None,
) -> tuple[dict[Account, Attachments], list[HomeAssistantError]]:
    """Return what goes with the messages of each account, and why something does not.

    Pictures are on disk when this returns; links are written with their messages.
    """
    base_url = public_url(hass)
    async_tell_of_no_public_url(hass, missing=base_url is None)
    if base_url is None:
        return {}, [failure("no_public_url")]
    shortfalls: list[HomeAssistantError] = []
    picture: Picture | None = None
    if media is not None:
        try:
            picture = await async_prepare_picture(hass, media)
        except HomeAssistantError as err:
            shortfalls.append(err)
    attachments: dict[Account, Attachments] = {}
    for account, recipients in addressees.items():
        if button is not None:
            unencrypted = _is_unencrypted(account, base_url)
            async_tell_of_unencrypted_answers(
                hass, account.entry, unencrypted=unencrypted
            )
        hosted: HostedPicture | None = None
        if picture is not None:
            hosted = await async_host(hass, account, picture)
            if hosted is None:
                shortfalls.append(failure("picture_not_kept"))
        attachments[account] = _attached(
            account, recipients, base_url, button, hosted, new=new_token
        )
    return attachments, shortfalls


async def async_host(
    hass: HomeAssistant, account: Account, picture: Picture
) -> HostedPicture | None:
    """Let an account host a picture, and return how to open it.

    None where it cannot be kept; why not is in the log.
    """
    try:
        return await hass.async_add_executor_job(account.pictures.keep, picture)
    except (OSError, PictureError) as err:
        _LOGGER.error("A picture could not be kept: %s", err)  # noqa: TRY400
        return None


async def async_pretend(
    hass: HomeAssistant,
    addressees: Mapping[Account, Sequence[Recipient]],
    button: AnswerButton | None,
    media: str | None,
) -> tuple[dict[Account, Attachments], list[HomeAssistantError]]:
    """Return what would go with the messages of each account, with nothing made of it.

    Addresses are as long as they would be, and open nothing.
    """
    if (base_url := public_url(hass)) is None:
        return {}, [failure("preview_no_public_url")]
    hosted = None
    if media is not None:
        hosted = HostedPicture(token=PLACEHOLDER, extension="jpg")
    return {
        account: _attached(
            account, recipients, base_url, button, hosted, new=lambda: PLACEHOLDER
        )
        for account, recipients in addressees.items()
    }, []


def _attached(
    account: Account,
    recipients: Sequence[Recipient],
    base_url: str,
    button: AnswerButton | None,
    hosted: HostedPicture | None,
    *,
    new: Callable[[], str],
) -> Attachments:
    """Return what goes with the messages of an account; `new` gives a link's token."""
    links, kept = button.links(recipients, base_url, new) if button else ({}, [])
    unencrypted = button is not None and _is_unencrypted(account, base_url)
    return Attachments(
        image=f"{base_url}{hosted.small_path}" if hosted else None,
        picture_page=f"{base_url}{hosted.full_path}" if hosted else None,
        picture=hosted.file_name if hosted else None,
        button=button,
        links=links,
        answer_links=kept,
        notices=frozenset({Notice.ANSWERS_UNENCRYPTED} if unencrypted else ()),
    )


def _is_unencrypted(account: Account, base_url: str) -> bool:
    """Return whether an answer link travels so that others can read it."""
    return not (account.client.encrypted and base_url.startswith("https:"))
