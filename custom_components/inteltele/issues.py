"""Repairs issues: what needs a person."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .delivery import Damage


@callback
def async_tell_of_damage(
    hass: HomeAssistant, entry: ConfigEntry, damage: Damage | None
) -> None:
    """Say that an account's ledger could not be read, or that all is well again."""
    issue_id = f"ledger_damaged_{entry.entry_id}"
    if damage is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=f"ledger_damaged_{damage}",
        translation_placeholders={
            "account": entry.title,
            "file": f".storage/{DOMAIN}.{entry.entry_id}.db",
        },
    )


@callback
def async_tell_of_limit(
    hass: HomeAssistant, entry: ConfigEntry, limit: int | None
) -> None:
    """Say that the daily limit is reached, or that it is not any more."""
    issue_id = f"limit_reached_{entry.entry_id}"
    if limit is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="limit_reached",
        translation_placeholders={"account": entry.title, "limit": str(limit)},
    )
