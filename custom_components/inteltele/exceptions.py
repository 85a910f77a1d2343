"""How an error is told to the user: the one place where keys are chosen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .delivery import Outcome, Recipient, SendStatus
from .gateway import ContentError, ErrorReason, mask

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


def label(recipient: Recipient) -> str:
    """Return how a recipient is called in sentences: a name, or a masked number."""
    return recipient.name or mask(recipient.number)


async def async_send_error(
    hass: HomeAssistant, outcomes: Sequence[Outcome]
) -> HomeAssistantError | None:
    """Return one error that names everyone who was not reached, and why."""
    failed = [
        outcome
        for outcome in outcomes
        if outcome.status in {SendStatus.FAILED, SendStatus.UNKNOWN}
    ]
    by_reason: defaultdict[tuple[str, str], list[Recipient]] = defaultdict(list)
    for outcome in failed:
        if outcome.error is not None:
            key = (outcome.error, outcome.words or "")
            by_reason[key].append(outcome.recipient)
    if not by_reason:
        return None
    errors = [
        HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=reason,
            translation_placeholders={
                "recipients": ", ".join(label(recipient) for recipient in recipients),
                "words": words,
            },
        )
        for (reason, words), recipients in by_reason.items()
    ]
    if len(errors) == 1:
        return errors[0]
    sentences = await _async_sentences(hass, errors)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="several_reasons",
        translation_placeholders={
            "failed": str(len(failed)),
            "total": str(len(outcomes)),
            "reasons": " ".join(sentences),
        },
    )


async def async_common_texts(hass: HomeAssistant, keys: Iterable[str]) -> list[str]:
    """Return texts that are no errors, in the house's language."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return [texts[f"component.{DOMAIN}.common.{key}"] for key in keys]


async def _async_sentences(
    hass: HomeAssistant, errors: Iterable[HomeAssistantError]
) -> list[str]:
    """Return errors as sentences in the house's language."""
    texts = await async_get_translations(
        hass, hass.config.language, "exceptions", [DOMAIN]
    )
    return [
        texts[f"component.{DOMAIN}.exceptions.{error.translation_key}.message"].format(
            **error.translation_placeholders or {}
        )
        for error in errors
    ]
