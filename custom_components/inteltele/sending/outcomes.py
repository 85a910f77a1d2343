"""What became of a send, in sentences."""

from collections import defaultdict
from collections.abc import Sequence

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..delivery import Outcome, Recipient, SendStatus
from ..gateway import FailureReason, mask
from ..storage.message import FailureCause
from ..texts import async_sentences


def label(recipient: Recipient) -> str:
    """Return how a recipient is called in sentences: a name, or a masked number."""
    return recipient.name or mask(recipient.number)


def failure_of(outcome: Outcome) -> FailureCause | None:
    """Return why a message was not sent or, where somebody waited, did not arrive."""
    # Who answered has got it, whatever the gateway said, or did not say.
    if outcome.answer is not None:
        return None
    if outcome.ended is not None:
        return outcome.ended.reason
    if outcome.status in {SendStatus.FAILED, SendStatus.UNKNOWN}:
        return outcome.error
    return None


async def async_send_error(
    hass: HomeAssistant,
    outcomes: Sequence[Outcome],
    shortfalls: Sequence[HomeAssistantError] = (),
) -> HomeAssistantError | None:
    """Return one error that names everyone who was not reached, and why.

    It also tells why a picture or a button did not go with the text.
    """
    by_reason: defaultdict[tuple[str, str], list[Recipient]] = defaultdict(list)
    for outcome in outcomes:
        if (reason := failure_of(outcome)) is not None:
            by_reason[_key(reason), outcome.words or ""].append(outcome.recipient)
    errors = [
        HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={
                "recipients": ", ".join(label(recipient) for recipient in recipients),
                "words": words,
            },
        )
        for (key, words), recipients in by_reason.items()
    ]
    everything = [*errors, *shortfalls]
    if len(everything) <= 1:
        return everything[0] if everything else None
    placeholders = {"reasons": " ".join(await async_sentences(hass, everything))}
    if errors:
        failed = sum(len(recipients) for recipients in by_reason.values())
        placeholders |= {"failed": str(failed), "total": str(len(outcomes))}
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="several_reasons" if errors else "several_shortfalls",
        translation_placeholders=placeholders,
    )


def _key(reason: FailureCause) -> str:
    """Return the sentence for why a message did not reach somebody."""
    if isinstance(reason, FailureReason):
        return f"not_delivered_{reason}"
    return reason
