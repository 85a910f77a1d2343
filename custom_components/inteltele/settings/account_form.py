"""The forms that an account's credentials are entered in."""

import re
from typing import Any, Final

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

# A name, encoded, or an IP address of either kind: yarl takes spaces, too.
_HOST: Final = re.compile(r"[\w.:-]+", re.ASCII)

KEY_SCHEMA: Final = vol.Schema({vol.Required(CONF_API_KEY): _PASSWORD})
_CURRENCY: Final = SelectSelector(
    SelectSelectorConfig(
        options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN
    )
)
_CONNECTION: Final = vol.Schema(
    {
        vol.Required(CONF_URL, default=DEFAULT_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        )
    }
)


def account_schema(*, key_known: bool, connection_first: bool = False) -> vol.Schema:
    """Return the form of an account; a key that is known already may be left as it is.

    The section with the address is the last and folded, unless the address is to blame.
    """
    api_key = vol.Optional if key_known else vol.Required
    account: dict[vol.Marker, Any] = {
        vol.Required(CONF_USERNAME): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        api_key(CONF_API_KEY): _PASSWORD,
        vol.Required(CONF_CURRENCY): _CURRENCY,
    }
    connection: dict[vol.Marker, Any] = {
        vol.Required(CONF_CONNECTION): section(
            _CONNECTION, {"collapsed": not connection_first}
        )
    }
    first, second = account, connection
    if connection_first:
        first, second = connection, account
    return vol.Schema(first | second)


def gateway_url(text: str) -> URL | None:
    """Return the encrypted form of a gateway address, None for anything that is none.

    What was typed before "://" does not matter: encryption is tried first anyway.
    """
    address = text.strip()
    try:
        url = URL(address if "://" in address else f"https://{address}")
        # A host's name is only read when it is asked for.
        host = url.raw_host if url.host else None
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or url.user or url.query:
        return None
    if not host or _HOST.fullmatch(host) is None:
        return None
    return URL(f"https://{url.authority}{url.raw_path.rstrip('/')}")


def without_tls(url: URL) -> URL:
    """Return an address as plain HTTP, on the same port where one was named."""
    return url.with_scheme("http")
