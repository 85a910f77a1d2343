"""Trying credentials before they are kept."""

from homeassistant.core import HomeAssistant
from yarl import URL

from ..gateway import GatewayError, TlsUnavailableError
from ..plain import get_logger
from .clients import async_create_client

_LOGGER = get_logger(__name__)


async def async_credentials_error(
    hass: HomeAssistant,
    url: URL,
    username: str,
    api_key: str,
    *,
    new_key: bool,
    may_ask: bool,
) -> str | None:
    """Return what is wrong with credentials, None where the gateway takes them.

    With `new_key`, one that was rejected before is tried again. Raises
    TlsUnavailableError when an encrypted address does not speak TLS, if somebody
    `may_ask` whether to go on without.
    """
    client = await async_create_client(
        hass, url=str(url), username=username, api_key=api_key
    )
    if new_key:
        client.forgive()
    try:
        await client.balance()
    except TlsUnavailableError:
        if url.scheme == "https" and may_ask:
            raise
        return "cannot_connect"
    except GatewayError as err:
        return err.reason.of_account
    except Exception:
        _LOGGER.exception("The account could not be checked")
        return "unknown"
    return None
