"""How an error is told to the user: the one place where keys are chosen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import sqlite3
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .delivery import Outcome, Recipient, SendStatus
from .gateway import ContentError, ErrorReason, FailureReason, mask
from .storage.message import FailureCause

# What can be said of an account as a whole; anything else is a surprise.
_ACCOUNT_ERRORS: Final = frozenset(
    {
        ErrorReason.INVALID_AUTH,
        ErrorReason.LOCKED_OUT,
        ErrorReason.IP_NOT_ALLOWED,
        ErrorReason.CANNOT_CONNECT,
    }
)


def account_error(reason: ErrorReason) -> ErrorReason:
    """Return the reason to tell where the account, not a message, is concerned."""
    return reason if reason in _ACCOUNT_ERRORS else ErrorReason.INVALID_RESPONSE


def invalid_input(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for a caller's input."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def invalid_content(err: ContentError) -> ServiceValidationError:
    """Return the error for content that breaks a rule of the gateway."""
    return invalid_input(err.rule.value, value=err.value)


@contextmanager
def reading_history() -> Iterator[None]:
    """Raise HomeAssistantError where the history cannot be read."""
    try:
        yield
    except sqlite3.Error as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="history_not_read"
        ) from err


def not_enclosed(key: str) -> HomeAssistantError:
    """Return the error for what did not go with a text that was sent."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


def picture_failed(
    key: str, source: str, detail: str | None = None
) -> HomeAssistantError:
    """Return the error for a picture that could not be had; `source` names it."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"source": source, "detail": detail or ""},
    )


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


async def async_common_texts(hass: HomeAssistant, keys: Sequence[str]) -> list[str]:
    """Return texts that are no errors, in the house's language."""
    if not keys:
        return []
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return [texts[f"component.{DOMAIN}.common.{key}"] for key in keys]


async def async_sentences(
    hass: HomeAssistant, errors: Sequence[HomeAssistantError]
) -> list[str]:
    """Return errors as sentences in the house's language."""
    if not errors:
        return []
    texts = await async_get_translations(
        hass, hass.config.language, "exceptions", [DOMAIN]
    )
    return [
        texts[f"component.{DOMAIN}.exceptions.{error.translation_key}.message"].format(
            **error.translation_placeholders or {}
        )
        for error in errors
    ]
