"""Changing what holds for an account's messages."""

from datetime import timedelta
from typing import Any, Final

from homeassistant.components.webhook import async_generate_id
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import (
    CONF_CURRENCY,
    CONF_DAILY_LIMIT,
    CONF_HISTORY_FOR_ADMINS,
    CONF_KEEP_TEXT,
    CONF_LOW_BALANCE,
    CONF_PICTURE_VALID,
    CONF_RENEW_URL,
    CONF_RETRY_FOR,
    CONF_SENDER,
    CONF_SMS_AFTER,
    CONF_SMS_FALLBACK,
    CONF_SMS_LIMIT,
    CONF_SMS_SENDER,
    CONF_TTL,
    SUBENTRY_RECIPIENT,
)
from ..coordinator import AccountEntry
from ..delivery import DEFAULT_DAILY_LIMIT, DEFAULT_SMS_LIMIT
from ..delivery.sms_wanted import is_sms_after
from ..gateway import MAX_TTL, MIN_TTL, ContentError, check_sender, check_sms_sender
from .options import (
    DEFAULT_PICTURE_VALID,
    DEFAULT_RETRY_FOR,
    duration_of,
    seconds_of,
)
from .public_url import report_url

MAX_DAILY_LIMIT: Final = 100_000
MAX_PICTURE_VALID: Final = timedelta(days=30)


def options_schema(currency: str) -> vol.Schema:
    """Return the form of an account's options."""
    return vol.Schema(
        {
            vol.Optional(CONF_SENDER): TextSelector(),
            vol.Optional(CONF_SMS_SENDER): TextSelector(),
            vol.Optional(CONF_SMS_AFTER): DurationSelector(),
            vol.Optional(CONF_TTL): DurationSelector(),
            vol.Required(
                CONF_RETRY_FOR, default=duration_of(DEFAULT_RETRY_FOR)
            ): DurationSelector(),
            vol.Required(CONF_DAILY_LIMIT, default=DEFAULT_DAILY_LIMIT): NumberSelector(
                NumberSelectorConfig(
                    min=1, max=MAX_DAILY_LIMIT, mode=NumberSelectorMode.BOX
                )
            ),
            vol.Required(CONF_SMS_LIMIT, default=DEFAULT_SMS_LIMIT): NumberSelector(
                NumberSelectorConfig(
                    min=0, max=MAX_DAILY_LIMIT, mode=NumberSelectorMode.BOX
                )
            ),
            vol.Optional(CONF_LOW_BALANCE): NumberSelector(
                NumberSelectorConfig(
                    mode=NumberSelectorMode.BOX,
                    step="any",
                    unit_of_measurement=currency,
                )
            ),
            vol.Required(
                CONF_PICTURE_VALID, default=duration_of(DEFAULT_PICTURE_VALID)
            ): DurationSelector(),
            vol.Required(CONF_KEEP_TEXT, default=True): BooleanSelector(),
            vol.Required(CONF_HISTORY_FOR_ADMINS, default=False): BooleanSelector(),
            vol.Required(CONF_RENEW_URL, default=False): BooleanSelector(),
        }
    )


class AccountOptionsFlow(OptionsFlow):
    """Changes the options of an account, and the address that reports come to."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._options: dict[str, Any] = {}
        self._webhook_id = ""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the options."""
        entry = self.config_entry
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = _errors(entry, user_input)
            if not errors:
                self._options = _kept(user_input)
                if user_input[CONF_RENEW_URL]:
                    return await self.async_step_renewed()
                return self.async_create_entry(data=self._options)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                options_schema(entry.data[CONF_CURRENCY]),
                entry.options if user_input is None else user_input,
            ),
            errors=errors,
            description_placeholders={
                "report_url": report_url(self.hass, entry.data[CONF_WEBHOOK_ID])
            },
        )

    async def async_step_renewed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the new address, and listen to it from then on."""
        entry = self.config_entry
        if user_input is None:
            self._webhook_id = async_generate_id()
            return self.async_show_form(
                step_id="renewed",
                description_placeholders={
                    "report_url": report_url(self.hass, self._webhook_id)
                },
            )
        # Together, so that the account is reloaded once.
        self.hass.config_entries.async_update_entry(
            entry,
            data={**entry.data, CONF_WEBHOOK_ID: self._webhook_id},
            options=self._options,
        )
        return self.async_create_entry(data=self._options)


def _errors(entry: AccountEntry, entered: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with what was entered, by field."""
    errors: dict[str, str] = {}
    if sender := entered.get(CONF_SENDER, "").strip():
        try:
            check_sender(sender)
        except ContentError as err:
            errors[CONF_SENDER] = err.rule
    if sms_sender := entered.get(CONF_SMS_SENDER, "").strip():
        try:
            check_sms_sender(sms_sender)
        except ContentError as err:
            errors[CONF_SMS_SENDER] = err.rule
    elif _needs_sms_sender(entry, entered):
        errors[CONF_SMS_SENDER] = "sms_sender_missing"
    after = seconds_of(entered.get(CONF_SMS_AFTER))
    if after and not is_sms_after(after):
        errors[CONF_SMS_AFTER] = "sms_after_out_of_range"
    ttl = seconds_of(entered.get(CONF_TTL))
    if ttl and not MIN_TTL <= ttl <= MAX_TTL:
        errors[CONF_TTL] = "ttl_out_of_range"
    valid = timedelta(**entered[CONF_PICTURE_VALID]).total_seconds()
    if not MIN_TTL <= valid <= MAX_PICTURE_VALID.total_seconds():
        errors[CONF_PICTURE_VALID] = "picture_valid_out_of_range"
    return errors


def _needs_sms_sender(entry: AccountEntry, entered: dict[str, Any]) -> bool:
    """Return whether an SMS is set for somebody who has no sender of their own.

    What is set for all holds for other numbers, too, where nobody is set up yet.
    """
    recipients = entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
    for_all = seconds_of(entered.get(CONF_SMS_AFTER))
    return bool(for_all and not recipients) or any(
        (
            for_all
            or subentry.data[CONF_SMS_FALLBACK]
            or seconds_of(subentry.data.get(CONF_SMS_AFTER))
        )
        and not subentry.data.get(CONF_SMS_SENDER)
        for subentry in recipients
    )


def _kept(entered: dict[str, Any]) -> dict[str, Any]:
    """Return the options to keep: what was left empty is left out."""
    options = {key: value for key, value in entered.items() if key != CONF_RENEW_URL}
    for key in (CONF_SENDER, CONF_SMS_SENDER):
        if text := options.pop(key, "").strip():
            options[key] = text
    for key in (CONF_SMS_AFTER, CONF_TTL):
        if not seconds_of(options.get(key)):
            options.pop(key, None)
    return options
