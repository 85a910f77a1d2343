"""What is ready for the gateway, and what its sender should know about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ..gateway.content import Content, MessageContent, SmsContent
from ..storage.message import Use
from .request import Link, Recipient


class Notice(StrEnum):
    """What a sender should know about a message that was sent all the same."""

    SMS_SHORTENED = "sms_shortened"
    TAKEN_WITHOUT_ID = "taken_without_id"
    ANSWERS_UNENCRYPTED = "answers_unencrypted"
    KEPT_IN_MEMORY = "kept_in_memory"
    PICTURE_NOT_BY_SMS = "picture_not_by_sms"
    SENT_WITHOUT_SMS = "sent_without_sms"
    LOCAL_ADDRESS = "local_address"
    GATEWAY_UNENCRYPTED = "gateway_unencrypted"
    NO_SMS_TO_NUMBER = "no_sms_to_number"
    NO_SMS_SENDER = "no_sms_sender"
    SMS_TOO_LONG = "sms_too_long"
    SMS_SOONER = "sms_sooner"
    BUTTON_OVER_BEFORE_SMS = "button_over_before_sms"
    WAIT_OVER_BEFORE_SMS = "wait_over_before_sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A content ready for the gateway, and what its sender should know.

    `sms` goes out `sms_after` seconds later where Viber did not get through.
    `link` is the answer link that it holds, `picture` tells where its picture lies, as
    messages do.
    """

    content: Content
    sms: SmsContent | None = None
    sms_after: int | None = None
    notices: frozenset[Notice] = frozenset()
    link: Link | None = None
    picture: str | None = None

    @property
    def by_sms(self) -> bool:
        """Return whether it goes by SMS alone."""
        return isinstance(self.content, SmsContent)

    @property
    def sms_parts(self) -> int | None:
        """Return how many SMS parts it takes, or may take; None for no SMS at all."""
        if isinstance(self.content, SmsContent):
            return self.content.parts
        return self.sms.parts if self.sms else self.content.sms_parts

    @property
    def use(self) -> Use:
        """Return what it takes of the limits at most."""
        return Use(viber=0 if self.by_sms else 1, parts=self.sms_parts or 0)

    @property
    def without_sms(self) -> Composed:
        """Return the same for Viber alone."""
        assert isinstance(self.content, MessageContent)  # noqa: S101 - asked before
        content = replace(self.content, sms_sender=None, sms_message=None)
        return replace(self, content=content, sms=None, sms_after=None)

    @property
    def fingerprint(self) -> str | None:
        """Return by what the answer link is kept."""
        return self.link.fingerprint if self.link else None

    @property
    def button_until(self) -> datetime | None:
        """Return when the answer link stops working."""
        return self.link.valid_until if self.link else None


type Plan = Mapping[Composed, Sequence[Recipient]]
