"""What a user asked to be sent, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..storage.message import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message goes to.

    `number` is E.164. `name` and `subentry_id` are None for a bare number,
    `sms_sender` is the sender of an SMS, if one is known for this recipient, and
    `sms_after` the seconds after which one follows, if that is set.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None
    sms_fallback: bool = False
    sms_sender: str | None = None
    sms_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of one recipient's own: its address, by what it is kept, and until when.

    It works until `valid_until`, in UTC.
    """

    url: str
    fingerprint: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRequest:
    """What a user asked to be sent; None leaves the choice to us.

    `ttl` is in seconds, and not more than `latest`. `open_button` is the text of the
    button that a picture without one gets, because the gateway wants picture and button
    together; it opens `picture_page`, or the picture itself. `picture` is the name of
    the file of a picture of this house. With `links`, the button opens each number's
    own. By `sms_after`, in seconds, the house sends an SMS itself, before all others
    where it is `urgent`.
    """

    message: str
    channel: Channel = Channel.VIBER
    sms_after: int | None = None
    title: str | None = None
    image: str | None = None
    button_text: str | None = None
    button_url: str | None = None
    sender: str | None = None
    ttl: int | None = None
    sms_fallback: bool | None = None
    sms_message: str | None = None
    sms_sender: str | None = None
    open_button: str = "Open"
    picture_page: str | None = None
    picture: str | None = None
    links: Mapping[str, Link] = field(default_factory=dict)
    latest: int | None = None
    urgent: bool = False
