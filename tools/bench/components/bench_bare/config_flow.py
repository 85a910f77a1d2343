"""A flow that asks nothing."""

from typing import Any

from homeassistant.config_entries import (
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
)


class BareConfigFlow(ConfigFlow, domain="bench_bare"):
    """Creates an entry with the entities and the subentries that it is told."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Create the entry."""
        told = user_input or {}
        return self.async_create_entry(
            title="Bare",
            data=told["entities"] | {"asking": told["asking"]},
            subentries=[
                ConfigSubentryData(
                    data=told["entities_of_each"],
                    subentry_type="recipient",
                    title=f"Bare {number}",
                    unique_id=None,
                )
                for number in range(told["subentries"])
            ],
        )
