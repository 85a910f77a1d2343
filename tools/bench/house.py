"""Home Assistant proper, in this process, beside a gateway in a process of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import logging
from pathlib import Path
import socket
import sys
from types import MappingProxyType
from typing import Any, Final

import aiohttp
from homeassistant import bootstrap
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.runner import RuntimeConfig
from yarl import URL

import custom_components
from demo.house import http_settings

COMPONENTS: Final = Path(__file__).parent / "components"
USERNAME: Final = "demo"
API_KEY: Final = "demo-key"
READY: Final = 20.0

_CONFIGURATION: Final = """
homeassistant:
  name: Bench
  country: UA
  currency: UAH
  internal_url: http://127.0.0.1:{port}
  external_url: http://127.0.0.1:{port}
http:
rest_command:
{rest_commands}
notify:
{notifiers}
"""
_REST_COMMAND: Final = """
  send{suffix}:
    url: {url}/im/send/
    method: post
    content_type: application/x-www-form-urlencoded
    payload: >-
      username={username}&api_key={api_key}&to={{{{ to }}}}&im_ttl=86400&im_message={{{{
      message | urlencode }}}}
"""
_NOTIFIER: Final = """
  - platform: rest
    name: rest_gateway{suffix}
    resource: {url}/im/send/
    method: POST
    message_param_name: im_message
    target_param_name: to
    data:
      username: {username}
      api_key: {api_key}
      im_ttl: "86400"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A simulated gateway, as the house reaches it.

    `suffix` distinguishes what the house has for it from what it has for another.
    """

    url: str
    username: str = USERNAME
    suffix: str = ""

    def configure(self, template: str) -> str:
        """Return a part of the house's configuration that is about this gateway."""
        return template.format(
            suffix=self.suffix,
            url=self.url,
            username=self.username,
            api_key=API_KEY,
        )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def gateway_process(username: str = USERNAME) -> AsyncGenerator[str]:
    """Run the simulated gateway and return its address; it detects no repetitions."""
    port = free_port()
    async with _process(
        *("demo.simulated_gateway", "--port", str(port)),
        *("--delivery-delay", "3600", "--username", username),
    ):
        url = f"http://127.0.0.1:{port}"
        await start_over(url)
        yield url


@asynccontextmanager
async def line_process(gateway: str) -> AsyncGenerator[str]:
    """Run a long line to a gateway, and return the address at its near end."""
    port = free_port()
    async with _process("tools.bench.line", str(port), str(URL(gateway).port)):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _process(*module: str) -> AsyncGenerator[None]:
    """Run a module as a process that says a word when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        async with asyncio.timeout(READY):
            await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()


async def start_over(url: str) -> None:
    """Let the gateway forget everything, and take whatever is sent to it."""
    await control(url, "reset", {})
    await control(url, "settings", {"balance": "100000000", "repeat_detection": "off"})


async def control(url: str, what: str, body: dict[str, Any]) -> None:
    """Tell the simulated gateway something."""
    async with (
        aiohttp.ClientSession(headers={"X-Demo": "1"}) as session,
        session.post(f"{url}/demo/{what}", json=body) as response,
    ):
        response.raise_for_status()


@asynccontextmanager
async def running_house(
    folder: Path, *gateways: Gateway
) -> AsyncGenerator[HomeAssistant]:
    """Run a house that can send to some gateways in every way that is compared."""
    port = free_port()
    (folder / ".storage").mkdir(parents=True)
    (folder / ".storage" / "http").write_text(
        json.dumps(
            {
                "version": 3,
                "minor_version": 1,
                "key": "http",
                "data": http_settings(port),
            }
        )
    )
    (folder / "configuration.yaml").write_text(
        _CONFIGURATION.format(
            port=port,
            rest_commands="".join(item.configure(_REST_COMMAND) for item in gateways),
            notifiers="".join(item.configure(_NOTIFIER) for item in gateways),
        )
    )
    if str(COMPONENTS) not in custom_components.__path__:
        custom_components.__path__.append(str(COMPONENTS))
    hass = await bootstrap.async_setup_hass(
        RuntimeConfig(config_dir=str(folder), skip_pip=True)
    )
    assert hass is not None  # noqa: S101 - the configuration is ours
    logging.getLogger().setLevel(logging.ERROR)
    await hass.async_start()
    await hass.async_block_till_done()
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


async def add_account(
    hass: HomeAssistant, gateway: Gateway, recipients: int
) -> ConfigEntry:
    """Set an account up with so many recipients, and a limit that does not matter."""
    flow = await hass.config_entries.flow.async_init(
        "inteltele", context={"source": SOURCE_USER}
    )
    for entered in (
        {
            "username": gateway.username,
            "api_key": API_KEY,
            "currency": "UAH",
            "connection": {"url": gateway.url},
        },
        {},
    ):
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], entered)
    entry: ConfigEntry = flow["result"]
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, options={"daily_limit": 10_000_000})
    for number in range(recipients):
        hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType(
                    {"phone": f"+38067{number:07d}", "sms_fallback": False}
                ),
                subentry_type="recipient",
                title=f"Recipient {number}",
                unique_id=f"+38067{number:07d}",
            ),
        )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry
