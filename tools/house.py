"""A real Home Assistant in this process, with an account at a simulated gateway."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant import block_async_io, bootstrap
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.runner import RuntimeConfig

from demo.storage import store_http


@asynccontextmanager
async def running_house(
    folder: Path,
    port: int,
    configuration: str,
    set_up_logging: Callable[[], None],
    before_start: Callable[[HomeAssistant], None] = lambda _: None,
) -> AsyncGenerator[HomeAssistant]:
    """Run Home Assistant in a configuration folder, new or used before.

    `configuration` is the text of configuration.yaml. `set_up_logging` is called once
    Home Assistant has set up its own logging, `before_start` once everything is set up.
    """
    store_http(folder, port)
    (folder / "configuration.yaml").write_text(configuration)
    with ExitStack() as patches:
        # A process can start to watch for blocking calls only once.
        if block_async_io._BLOCKED_CALLS.calls:  # noqa: SLF001
            patches.enter_context(patch.object(block_async_io, "enable"))
        hass = await bootstrap.async_setup_hass(
            RuntimeConfig(config_dir=str(folder), skip_pip=True)
        )
    assert hass is not None  # noqa: S101 - the configuration is ours
    set_up_logging()
    before_start(hass)
    await hass.async_start()
    await hass.async_block_till_done()
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


async def add_account(
    hass: HomeAssistant,
    url: str,
    *,
    username: str,
    api_key: str,
    recipients: Mapping[str, str],
) -> ConfigEntry[Any]:
    """Set up an account with a daily limit that is never reached.

    `recipients` are phone numbers by name, without an SMS fallback.
    """
    flow = await hass.config_entries.flow.async_init(
        "inteltele", context={"source": SOURCE_USER}
    )
    account = {
        "username": username,
        "api_key": api_key,
        "currency": "UAH",
        "connection": {"url": url},
    }
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], account)
    if "result" not in flow:
        # It agrees to plain HTTP, which is asked once for an address.
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    entry: ConfigEntry[Any] = flow["result"]
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, options={"daily_limit": 10_000_000})
    for name, phone in recipients.items():
        hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType({"phone": phone, "sms_fallback": False}),
                subentry_type="recipient",
                title=name,
                unique_id=phone,
            ),
        )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED  # noqa: S101 - the gateway is well
    return entry


async def call_action(
    hass: HomeAssistant, action: str, **fields: Any
) -> dict[str, Any]:
    """Call an action by its whole name, and return its response."""
    domain, _, name = action.partition(".")
    response: Any = await hass.services.async_call(
        domain, name, fields, blocking=True, return_response=True
    )
    return dict(response or {})
