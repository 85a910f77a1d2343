"""The public IP address, as far as it is known without asking a stranger."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.inteltele.settings.public_ip import (
    public_ip_words,
    public_ips,
)


def _sensor(
    home: HomeAssistant, platform: str, unique_id: str, key: str, state: str
) -> None:
    """Add a sensor of another integration."""
    entity = er.async_get(home).async_get_or_create(
        "sensor", platform, unique_id, translation_key=key
    )
    home.states.async_set(entity.entity_id, state)


@pytest.mark.parametrize(
    ("platform", "unique_id", "key", "state", "known"),
    [
        ("upnp", "router_ip", "external_ip", "1.1.1.1", ["1.1.1.1"]),
        ("fritz", "box-external_ip", "external_ip", "1.1.1.1", ["1.1.1.1"]),
        ("huawei_lte", "modem", "wan_ip_address", "1.1.1.1", ["1.1.1.1"]),
        ("dnsip", "myip.opendns.com_False", "dnsip", "1.1.1.1", ["1.1.1.1"]),
        # Whoever is behind the provider's own router has no public address there.
        ("upnp", "router_ip", "external_ip", "100.64.0.7", []),
        ("upnp", "router_ip", "external_ip", "unavailable", []),
        ("fritz", "box-external_ipv6", "external_ip", "2606:4700::1111", []),
        ("dnsip", "example.org_False", "dnsip", "1.1.1.1", []),
        ("ping", "dns", "round_trip", "1.1.1.1", []),
    ],
)
async def test_a_router_s_sensor_knows_it(
    home: HomeAssistant,
    platform: str,
    unique_id: str,
    key: str,
    state: str,
    known: list[str],
) -> None:
    """An address that others see, and nothing else."""
    _sensor(home, platform, unique_id, key, state)
    assert public_ips(home) == known


async def test_a_sensor_without_a_state_knows_nothing(home: HomeAssistant) -> None:
    """It is disabled."""
    er.async_get(home).async_get_or_create(
        "sensor", "upnp", "router_ip", translation_key="external_ip"
    )
    assert public_ips(home) == []


async def test_every_line_is_named(home: HomeAssistant) -> None:
    """All have to be allowed."""
    _sensor(home, "upnp", "router_ip", "external_ip", "1.1.1.1")
    _sensor(home, "huawei_lte", "modem", "wan_ip_address", "8.8.8.8")
    assert public_ip_words(home) == " (1.1.1.1, 8.8.8.8)"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://1.1.1.1:8123", ["1.1.1.1"]),
        ("http://192.168.1.5:8123", []),
        ("https://house.example.org", []),
        (None, []),
    ],
)
async def test_an_external_url_may_be_the_address(
    home: HomeAssistant, url: str | None, known: list[str]
) -> None:
    """A name may lead to a proxy, so it is asked for nothing."""
    await home.config.async_update(external_url=url)
    assert public_ips(home) == known
