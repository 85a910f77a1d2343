"""The public IP address of the house, where it is known without asking a stranger."""

from ipaddress import ip_address
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from yarl import URL

# What integrations of routers call the sensor of the address, in the registry.
_ROUTERS_SENSORS: Final = {"external_ip", "external_ipv4", "wan_ip", "wan_ip_address"}
# "DNS IP" tells one's own address, unless it was given another name to look up.
_OWN_NAME: Final = ("dnsip", "myip.opendns.com_False")


@callback
def public_ips(hass: HomeAssistant) -> list[str]:
    """Return the house's public IPv4 addresses, one a line, as far as they are known.

    A router's sensor knows it, and so does an external URL that is a mere address. The
    name in such a URL does not: it may lead to a proxy.
    """
    found: list[str | None] = [
        state.state
        for entity in er.async_get(hass).entities.values()
        if entity.domain == Platform.SENSOR
        and (
            entity.translation_key in _ROUTERS_SENSORS
            or (entity.platform, entity.unique_id) == _OWN_NAME
        )
        and (state := hass.states.get(entity.entity_id)) is not None
    ]
    if hass.config.external_url:
        found.append(URL(hass.config.external_url).raw_host)
    return sorted({text for text in found if text and _is_public(text)})


@callback
def public_ip_words(hass: HomeAssistant) -> str:
    """Return what follows "your public IP address" in the forms: " (192.0.2.1)", or "".

    No words, for these would be in the house's language, and a form is in its reader's.
    """
    known = ", ".join(public_ips(hass))
    return f" ({known})" if known else ""


def _is_public(text: str) -> bool:
    """Return whether a text is an address that others see."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.version == 4 and address.is_global  # noqa: PLR2004 - IPv4
