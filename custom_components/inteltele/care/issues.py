"""Repairs issues: what needs a person."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN, SUBENTRY_RECIPIENT
from ..coordinator import AccountEntry
from ..plain import escaped, one_line
from ..storage.database import Damage

NO_PUBLIC_URL: Final = "no_public_url"


class AccountIssue(StrEnum):
    """What a person can look after for an account; the value names its sentences."""

    ALARM_SHORTCOMINGS = "alarm_shortcomings"
    ANSWERS_UNENCRYPTED = "answers_unencrypted"
    IP_NOT_ALLOWED = "ip_not_allowed"
    LEDGER_DAMAGED = "ledger_damaged"
    LIMIT_REACHED = "limit_reached"
    LOCKED_OUT = "locked_out"
    LOW_BALANCE = "low_balance"
    NO_RECEIPTS = "no_receipts"
    REPORT_URL_CHANGED = "report_url_changed"
    SENDER_BANNED = "sender_banned"
    UNDELIVERABLE = "undeliverable"


# What keeps messages from being sent at all.
_ERRORS: Final = frozenset(
    {
        AccountIssue.IP_NOT_ALLOWED,
        AccountIssue.LIMIT_REACHED,
        AccountIssue.LOCKED_OUT,
        AccountIssue.SENDER_BANNED,
    }
)
# What a person can end in the repairs dialog itself.
FIXABLE: Final = frozenset(
    {
        AccountIssue.IP_NOT_ALLOWED,
        AccountIssue.LOW_BALANCE,
        AccountIssue.NO_RECEIPTS,
        AccountIssue.REPORT_URL_CHANGED,
        AccountIssue.UNDELIVERABLE,
    }
)
# What cannot be seen again after a restart.
_PERSISTENT: Final = frozenset(
    {
        AccountIssue.ALARM_SHORTCOMINGS,
        AccountIssue.ANSWERS_UNENCRYPTED,
        AccountIssue.SENDER_BANNED,
    }
)
# What a person named.
_TYPED: Final = frozenset({"account", "recipient", "warnings"})


@callback
def async_raise_issue(
    hass: HomeAssistant,
    entry: AccountEntry,
    key: AccountIssue,
    *,
    subentry_id: str | None = None,
    sentences: str | None = None,
    remembered: str | None = None,
    **placeholders: str,
) -> None:
    """Say what a person should look after.

    `subentry_id` is set for an issue of a recipient, `sentences` where an issue is told
    in several ways, and `remembered` is kept to tell later whether it is cured. A
    description quotes by the placeholders that end in `_escaped`. Nothing is said of an
    account that does not run any more: nobody would take it back.
    """
    words = {"account": entry.title, **placeholders}
    removed = hass.config_entries.async_get_entry(entry.entry_id) is None
    if removed or entry.disabled_by is not None:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, key, subentry_id),
        data={
            "key": key.value,
            "entry_id": entry.entry_id,
            "subentry_id": subentry_id,
            "remembered": remembered,
        },
        is_fixable=key in FIXABLE,
        is_persistent=key in _PERSISTENT,
        severity=(
            ir.IssueSeverity.ERROR if key in _ERRORS else ir.IssueSeverity.WARNING
        ),
        translation_key=sentences or key.value,
        # Titles show a text as it is, descriptions are Markdown.
        translation_placeholders={
            **{name: one_line(text) for name, text in words.items()},
            **{
                f"{name}_escaped": escaped(words[name])
                for name in _TYPED & words.keys()
            },
        },
    )


@callback
def async_end_issue(
    hass: HomeAssistant,
    entry: AccountEntry,
    key: AccountIssue,
    subentry_id: str | None = None,
) -> None:
    """Take an issue back, because it is cured."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, key, subentry_id))


@callback
def async_end_reauth(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Ask for a new key no more, because the gateway takes the one there is."""
    for flow in list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def async_find_issue(
    hass: HomeAssistant,
    entry: AccountEntry,
    key: AccountIssue,
    subentry_id: str | None = None,
) -> ir.IssueEntry | None:
    """Return an issue of an account, None where there is none."""
    issue_id = _issue_id(entry, key, subentry_id)
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id)


@callback
def async_end_issues_of_account(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Take back all issues of an account that is not at work any more."""
    for issue_id in _issue_ids(hass, entry):
        ir.async_delete_issue(hass, DOMAIN, issue_id)


@callback
def async_end_issues_of_removed_recipients(
    hass: HomeAssistant, entry: AccountEntry
) -> None:
    """Take back the issues of recipients that an account does not have any more."""
    kept = {
        _issue_id(entry, AccountIssue.UNDELIVERABLE, subentry.subentry_id)
        for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
    }
    for issue_id in _issue_ids(hass, entry):
        if issue_id.startswith(AccountIssue.UNDELIVERABLE) and issue_id not in kept:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issue_id(
    entry: AccountEntry, key: AccountIssue, subentry_id: str | None = None
) -> str:
    """Return the id of an issue; it ends with that of its account."""
    return "_".join(filter(None, (key, subentry_id, entry.entry_id)))


def _issue_ids(hass: HomeAssistant, entry: AccountEntry) -> list[str]:
    """Return the ids of an account's issues, also of those from before a restart."""
    return [
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.endswith(f"_{entry.entry_id}")
    ]


@callback
def async_tell_of_damage(
    hass: HomeAssistant, entry: AccountEntry, damage: Damage | None
) -> None:
    """Say that an account's ledger could not be read, or that all is well again."""
    if damage is None:
        async_end_issue(hass, entry, AccountIssue.LEDGER_DAMAGED)
        return
    async_raise_issue(
        hass,
        entry,
        AccountIssue.LEDGER_DAMAGED,
        sentences=f"{AccountIssue.LEDGER_DAMAGED}_{damage}",
        file=f".storage/{DOMAIN}.{entry.entry_id}.db",
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
    hass: HomeAssistant, entry: AccountEntry, *, unencrypted: bool
) -> None:
    """Say once what it means that answer links travel in the open."""
    if unencrypted:
        async_raise_issue(hass, entry, AccountIssue.ANSWERS_UNENCRYPTED)
    else:
        async_end_issue(hass, entry, AccountIssue.ANSWERS_UNENCRYPTED)


@callback
def async_tell_of_alarm_shortcomings(
    hass: HomeAssistant, entry: AccountEntry, warnings: Sequence[str]
) -> None:
    """Say what was amiss when an alarm was raised last, until one is in order."""
    key = AccountIssue.ALARM_SHORTCOMINGS
    if warnings:
        async_raise_issue(hass, entry, key, warnings=" ".join(warnings))
    else:
        async_end_issue(hass, entry, key)
