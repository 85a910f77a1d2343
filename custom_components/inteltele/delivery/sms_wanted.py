"""Which SMS may follow a Viber message, and after which time."""

from dataclasses import dataclass
from typing import Final

from ..gateway.content import ContentError, ContentRule
from ..storage.message import Channel
from .request import MessageRequest, Recipient

# An SMS of this house's own goes out after this time, in seconds, and Viber's time to
# live is over a little earlier.
MIN_SMS_AFTER: Final = 60
MAX_SMS_AFTER: Final = 86400
# So many seconds, at least, a button works after the SMS that holds its link.
TIME_TO_ANSWER: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsWanted:
    """An SMS that may follow a Viber message.

    `after` so many seconds by this house, None for the gateway's own fallback.
    `by_call` is one that the call itself asks for, `sooner` one that goes before the
    time that is set for it.
    """

    after: int | None = None
    by_call: bool
    sooner: bool = False


def may_be_sms(request: MessageRequest, recipient: Recipient) -> bool:
    """Return whether an SMS may go to a recipient at all."""
    return request.channel is Channel.SMS or sms_wanted(request, recipient) is not None


def sms_wanted(request: MessageRequest, recipient: Recipient) -> SmsWanted | None:
    """Return what SMS may follow: as the call says, or else as it is set."""
    if request.sms_after is not None:
        return SmsWanted(after=_checked_sms_after(request), by_call=True)
    if request.sms_fallback is False:
        return None
    by_call = bool(request.sms_fallback or request.sms_message is not None)
    if (after := _in_time(recipient.sms_after, request.latest)) is not None:
        sooner = after != recipient.sms_after
        return SmsWanted(after=after, by_call=by_call, sooner=sooner)
    return SmsWanted(by_call=by_call) if by_call or recipient.sms_fallback else None


def _checked_sms_after(request: MessageRequest) -> int:
    """Return after how many seconds a call wants an SMS; raises ContentError."""
    after = request.sms_after or 0
    if request.sms_fallback is False:
        raise ContentError(ContentRule.SMS_AFTER_WITHOUT_FALLBACK)
    if not is_sms_after(after):
        raise ContentError(ContentRule.SMS_AFTER_OUT_OF_RANGE, str(after))
    if request.latest is not None and after + TIME_TO_ANSWER > request.latest:
        raise ContentError(ContentRule.SMS_AFTER_BEYOND_BUTTON)
    return after


def is_sms_after(seconds: float) -> bool:
    """Return whether an SMS may follow after so many seconds."""
    return MIN_SMS_AFTER <= seconds <= MAX_SMS_AFTER


def _in_time(after: int | None, latest: int | None) -> int | None:
    """Return after how many seconds an SMS leaves time to press its button.

    The time that is set gives way to how long a call lets its button work. None where
    that is over before there would be time for anything.
    """
    if after is None or latest is None:
        return after
    if latest < 2 * MIN_SMS_AFTER:
        return None
    return min(after, max(MIN_SMS_AFTER, latest - TIME_TO_ANSWER))
