"""A flow that asks nothing."""

from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult


class BareConfigFlow(ConfigFlow, domain="bench_bare"):
    """Creates an entry with the numbers of entities it is given."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Create the entry."""
        return self.async_create_entry(title="Bare", data=user_input or {})
