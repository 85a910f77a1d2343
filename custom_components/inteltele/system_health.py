"""System health: how the accounts of the house stand together."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .account.account import IntelTeleConfigEntry
from .const import DOMAIN
from .gateway import ErrorReason, GatewayError

ANSWERS_WITHIN: Final = 4.0


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Tell where the integration's state is shown, and who tells it."""
    register.async_register_info(
        async_system_health, f"/config/integrations/integration/{DOMAIN}"
    )


async def async_system_health(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the accounts stand together."""
    entries: list[IntelTeleConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    accounts = [entry.runtime_data for entry in entries]
    reported = [account.care.reports.reported_at for account in accounts]
    return {
        "accounts": len(hass.config_entries.async_entries(DOMAIN)),
        "gateway_reachable": _async_reachable(entries),
        "encrypted": all(account.client.encrypted for account in accounts),
        "last_receipt": max(filter(None, reported), default=None),
        "queued": sum(account.delivery.outbox.room.waiting for account in accounts),
    }


async def _async_reachable(
    entries: Sequence[IntelTeleConfigEntry],
) -> str | dict[str, str]:
    """Return "ok" where the gateway answers every account, else why it does not."""
    errors = await asyncio.gather(*(_async_error(entry) for entry in entries))
    for error in filter(None, errors):
        return {"type": "failed", "error": error}
    return "ok"


async def _async_error(entry: IntelTeleConfigEntry) -> ErrorReason | None:
    """Return why an account is not answered, None where it is.

    The client asks nothing with a rejected key, or while the house is locked out.
    """
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await entry.runtime_data.client.balance()
    except GatewayError as err:
        return err.reason.of_account
    except TimeoutError:
        return ErrorReason.CANNOT_CONNECT
    return None
