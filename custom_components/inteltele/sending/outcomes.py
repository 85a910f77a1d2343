"""What became of a send: for a response, and in sentences."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..delivery import Composed, Notice, Recipient
from ..exceptions import failure
from ..gateway import FailureReason, mask
from ..storage.message import FailureCause, Message, MessageStatus
from ..texts import async_sentences

STATUS_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was sent to somebody, as it stands.

    `answer` is the action that the recipient chose, where somebody waited for it. With
    `without_sms`, the limits allowed Viber alone.
    """

    recipient: Recipient
    composed: Composed
    message: Message
    answer: str | None = None
    without_sms: bool = False

    @property
    def status(self) -> str:
        """Return how it stands; a caller is told where that is not known."""
        return STATUS_UNKNOWN if self.message.unknown else self.message.status

    @property
    def reached(self) -> bool:
        """Return whether the message waits, or was taken by the gateway."""
        return self.answer is not None or not self.message.never_sent

    @property
    def failure(self) -> FailureCause | None:
        """Return why a message was not sent or, where somebody waited, not received.

        Whoever answered has got it, whatever the gateway said, or did not say.
        """
        failed = self.message.status is MessageStatus.FAILED
        return self.message.reason if failed and self.answer is None else None

    @property
    def notices(self) -> frozenset[Notice]:
        """Return what its sender should know about it."""
        notices, message = self.composed.notices, self.message
        if message.status is MessageStatus.SENT and message.message_id is None:
            notices |= {Notice.TAKEN_WITHOUT_ID}
        if self.without_sms:
            notices |= {Notice.SENT_WITHOUT_SMS}
        return notices


def label(recipient: Recipient) -> str:
    """Return how a recipient is called in sentences: a name, or a masked number."""
    return recipient.name or mask(recipient.number)


async def async_send_error(
    hass: HomeAssistant,
    sent: Sequence[Sent],
    shortfalls: Sequence[HomeAssistantError] = (),
) -> HomeAssistantError | None:
    """Return one error that names everyone who was not reached, and why.

    It also tells why a picture or a button did not go with the text.
    """
    by_reason: defaultdict[tuple[str, str], list[Recipient]] = defaultdict(list)
    for item in sent:
        if (reason := item.failure) is not None:
            words = item.message.gateway_status or ""
            by_reason[_key(reason), words].append(item.recipient)
    errors = [
        failure(
            key,
            recipients=", ".join(label(recipient) for recipient in recipients),
            words=words,
        )
        for (key, words), recipients in by_reason.items()
    ]
    everything = [*errors, *shortfalls]
    if len(everything) <= 1:
        return everything[0] if everything else None
    placeholders = {"reasons": " ".join(await async_sentences(hass, everything))}
    if errors:
        failed = sum(len(recipients) for recipients in by_reason.values())
        placeholders |= {"failed": str(failed), "total": str(len(sent))}
    key = "several_reasons" if errors else "several_shortfalls"
    return failure(key, **placeholders)


def _key(reason: FailureCause) -> str:
    """Return the sentence for why a message did not reach somebody."""
    if isinstance(reason, FailureReason):
        return f"not_delivered_{reason}"
    return reason
