"""What the house itself hosts for a message: a picture, and buttons that act there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..account.account import Account
from ..care.issues import async_tell_of_no_public_url, async_tell_of_unencrypted_answers
from ..delivery import Link, MessageRequest, Notice, Recipient
from ..exceptions import failure
from ..plain import get_logger
from ..public import HostedPicture, Picture, PictureError
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
        hosted: HostedPicture | None = None
        try:
            if picture is not None:
                hosted = await hass.async_add_executor_job(
                    account.pictures.keep, picture
                )
        except (OSError, PictureError) as err:
            _LOGGER.error("A picture could not be kept: %s", err)  # noqa: TRY400
            shortfalls.append(failure("picture_not_kept"))
        links, kept = button.links(recipients, base_url) if button else ({}, [])
        attachments[account] = Attachments(
            image=f"{base_url}{hosted.small_path}" if hosted else None,
            picture_page=f"{base_url}{hosted.full_path}" if hosted else None,
            picture=hosted.file_name if hosted else None,
            button=button,
            links=links,
            answer_links=kept,
            notices=_notices(hass, account, base_url) if button else frozenset(),
        )
    return attachments, shortfalls


@callback
def _notices(hass: HomeAssistant, account: Account, base_url: str) -> frozenset[Notice]:
    """Return what the sender of answer links should know, and have it told once."""
    unencrypted = not (account.client.encrypted and base_url.startswith("https:"))
    async_tell_of_unencrypted_answers(hass, account.entry, unencrypted=unencrypted)
    return frozenset({Notice.ANSWERS_UNENCRYPTED} if unencrypted else ())
