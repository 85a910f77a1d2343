"""The forms that an account's credentials are entered in."""

from typing import Final

from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME
from homeassistant.data_entry_flow import section
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from ..const import CONF_CONNECTION, CONF_CURRENCY, DEFAULT_URL

_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)

_USERNAME: Final = TextSelector(TextSelectorConfig(autocomplete="off"))
_BILLING_AND_CONNECTION: Final = {
    vol.Required(CONF_CURRENCY): SelectSelector(
        SelectSelectorConfig(
            options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN
        )
    ),
    vol.Required(CONF_CONNECTION): section(
        vol.Schema(
            {
                vol.Required(CONF_URL, default=DEFAULT_URL): TextSelector(
                    TextSelectorConfig(type=TextSelectorType.URL)
                )
            }
        ),
        {"collapsed": True},
    ),
}

ACCOUNT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME): _USERNAME,
        vol.Required(CONF_API_KEY): _PASSWORD,
        **_BILLING_AND_CONNECTION,
    }
)
RECONFIGURE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME): _USERNAME,
        vol.Optional(CONF_API_KEY): _PASSWORD,
        **_BILLING_AND_CONNECTION,
    }
)
KEY_SCHEMA: Final = vol.Schema({vol.Required(CONF_API_KEY): _PASSWORD})


def gateway_url(text: str) -> URL | None:
    """Return the encrypted form of a gateway address, None for anything that is none.

    What was typed before "://" does not matter: encryption is tried first anyway.
    """
    address = text.strip()
    try:
        url = URL(address if "://" in address else f"https://{address}")
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.query:
        return None
    return URL(f"https://{url.authority}{url.raw_path.rstrip('/')}")


def without_tls(url: URL) -> URL:
    """Return an address as plain HTTP, on the same port where one was named."""
    return url.with_scheme("http")
