"""Which gateways may be asked, kept for all accounts and across restarts."""

from typing import Any, Final

from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..coordinator import AccountEntry
from ..gateway import AccessRegister, GatewayClient

STORAGE_VERSION: Final = 1


DATA_ACCESS: HassKey[AccessRegister] = HassKey(f"{DOMAIN}_access")


@singleton(DATA_ACCESS, async_=True)
async def async_get_access(hass: HomeAssistant) -> AccessRegister:
    """Return the register of lock-outs and rejected keys, loaded once."""
    store: Store[dict[str, Any]] = Store(
        hass, STORAGE_VERSION, f"{DOMAIN}.access", private=True
    )

    @callback
    def save() -> None:
        """Write the register soon."""
        hass.async_create_task(store.async_save(register.as_dict()))

    register = AccessRegister(
        await store.async_load(), on_change=save, now=dt_util.utcnow
    )
    return register


async def async_create_client(
    hass: HomeAssistant, *, url: str, username: str, api_key: str
) -> GatewayClient:
    """Return a gateway client on Home Assistant's own session."""
    return GatewayClient(
        async_get_clientsession(hass),
        url=url,
        username=username,
        api_key=api_key,
        access=await async_get_access(hass),
    )


@callback
def async_client_of(
    hass: HomeAssistant, entry: AccountEntry, access: AccessRegister
) -> GatewayClient:
    """Return a gateway client with the credentials that an account has now."""
    return GatewayClient(
        async_get_clientsession(hass),
        url=entry.data[CONF_URL],
        username=entry.data[CONF_USERNAME],
        api_key=entry.data[CONF_API_KEY],
        access=access,
    )
