"""The last page of a set-up: what became of the test, and what comes next."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant

from ..const import WEBSITE
from ..coordinator import AccountEntry
from ..gateway.content import is_local_url
from ..texts import async_common_texts
from .public_url import public_url, report_url

SOURCES: Final = "https://github.com/inteltele/inteltele-home-assistant"
_DOORBELL: Final = (
    f"{SOURCES}/blob/main/blueprints/automation/inteltele/doorbell_snapshot.yaml"
)
# Pages of Home Assistant itself, wherever it is opened.
IMPORT_PAGE: Final = "/config/blueprint/dashboard/import?blueprint_url="
NETWORK_PAGE: Final = "/config/network"


class Ending(StrEnum):
    """How a set-up ended, by the words that tell it."""

    NOT_TESTED = "not_tested"
    DELIVERED = "delivered"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What became of a test message; `problem` is a sentence where it failed."""

    ending: Ending
    problem: str = ""


async def async_first_steps(hass: HomeAssistant, entry: AccountEntry) -> str:
    """Return what is left to do for an account that was just set up, as Markdown."""
    url = report_url(hass, entry.data[CONF_WEBHOOK_ID])
    public = public_url(hass)
    keys = ["first_steps_report", "first_steps_next"]
    if public is None or is_local_url(public):
        keys.insert(1, "first_steps_local")
    texts = await async_common_texts(hass, keys)
    return "\n\n".join(texts).format(
        report_url=url,
        website=WEBSITE,
        network=NETWORK_PAGE,
        card=f"{SOURCES}/blob/main/docs/card.md",
        blueprint=f"{IMPORT_PAGE}{quote(_DOORBELL, safe='')}",
    )
