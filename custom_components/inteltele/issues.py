"""Repairs issues: what needs a person."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .delivery import Damage

ANSWERS_UNENCRYPTED: Final = "answers_unencrypted"
NO_PUBLIC_URL: Final = "no_public_url"


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
def async_tell_of_no_public_url(hass: HomeAssistant, *, missing: bool) -> None:
    """Say that phones cannot reach the house, or that they can."""
    if not missing:
        ir.async_delete_issue(hass, DOMAIN, NO_PUBLIC_URL)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        NO_PUBLIC_URL,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=NO_PUBLIC_URL,
    )


@callback
def async_tell_of_unencrypted_answers(
    hass: HomeAssistant, entry: ConfigEntry, *, unencrypted: bool
) -> None:
    """Say once what it means that answer links travel in the open."""
    issue_id = f"{ANSWERS_UNENCRYPTED}_{entry.entry_id}"
    if not unencrypted:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=ANSWERS_UNENCRYPTED,
        translation_placeholders={"account": entry.title},
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
