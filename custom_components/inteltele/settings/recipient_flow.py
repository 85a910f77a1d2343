"""Adding a recipient, and changing one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..const import (
    CONF_PHONE,
    CONF_SMS_AFTER,
    CONF_SMS_FALLBACK,
    CONF_SMS_SENDER,
    CONF_TEST,
)
from ..delivery import Recipient
from ..delivery.sms_wanted import is_sms_after
from ..gateway import (
    ContentError,
    PhoneNumberError,
    check_sms_sender,
    takes_sms,
    to_e164,
)
from ..plain import escaped, without_control_characters
from .first_steps import Ending, Tested, async_first_steps
from .options import duration_of, options_of, seconds_of
from .recipients import name_key, recipients_of

# It stands in cards, notifications and the names of entities.
MAX_NAME: Final = 100


def recipient_schema(*, tested: bool) -> vol.Schema:
    """Return the form of a recipient, with the test message on or off at first."""
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_PHONE): TextSelector(
                TextSelectorConfig(type=TextSelectorType.TEL)
            ),
            # It costs a message: nobody may have to scroll to see it.
            vol.Required(CONF_TEST, default=tested): BooleanSelector(),
            vol.Required(CONF_SMS_FALLBACK, default=False): BooleanSelector(),
            # Beneath what needs it, where a phone still shows that it is missing.
            vol.Optional(CONF_SMS_SENDER): TextSelector(),
            vol.Optional(CONF_SMS_AFTER): DurationSelector(),
        }
    )


# Home Assistant's own word for a change that was made, and ours for what became of
# the test.
CHANGED: Final = {
    Ending.NOT_TESTED: "reconfigure_successful",
    Ending.DELIVERED: "changed_delivered",
    Ending.SENT: "changed_sent",
    Ending.FAILED: "changed_failed",
}


class RecipientFlow(ConfigSubentryFlow, ABC):
    """Adds a recipient to an account, or changes one."""

    @abstractmethod
    async def async_try(self, recipient: Recipient) -> Tested:
        """Send a test message, and return what became of it."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whom to add."""
        return await self._async_recipient_step("user", user_input, {})

    @property
    def _first(self) -> bool:
        """Return whether the account has no other recipient."""
        return not self._others()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what to change."""
        subentry = self._get_reconfigure_subentry()
        return await self._async_recipient_step(
            "reconfigure", user_input, {CONF_NAME: subentry.title, **subentry.data}
        )

    async def _async_recipient_step(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        present: Mapping[str, Any],
    ) -> SubentryFlowResult:
        """Show the form until what it holds is right, and keep that."""
        errors: dict[str, str] = {}
        if user_input is not None:
            recipient, errors = self._recipient(user_input)
            if not errors:
                tested = Tested(ending=Ending.NOT_TESTED)
                if user_input[CONF_TEST]:
                    tested = await self.async_try(recipient)
                return await self._async_kept(recipient, tested)
        # Whoever sets the account up wants to see that it works.
        schema = recipient_schema(tested=step_id == "user" and self._first)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema,
                present if user_input is None else user_input,
            ),
            errors=errors,
        )

    @callback
    def _recipient(self, entered: dict[str, Any]) -> tuple[Recipient, dict[str, str]]:
        """Return the recipient that was entered, and what is wrong with it by field."""
        errors: dict[str, str] = {}
        name = without_control_characters(" ".join(entered[CONF_NAME].split()))
        if (wrong := self._wrong_with_name(name)) is not None:
            errors[CONF_NAME] = wrong
        number = ""
        try:
            number = to_e164(entered[CONF_PHONE], self.hass.config.country)
        except PhoneNumberError:
            errors[CONF_PHONE] = "invalid_phone"
        if any(other.number == number for other in self._others()):
            errors[CONF_PHONE] = "already_configured"
        after = seconds_of(entered.get(CONF_SMS_AFTER))
        if after is not None and not is_sms_after(after):
            errors[CONF_SMS_AFTER] = "sms_after_out_of_range"
        by_sms = entered[CONF_SMS_FALLBACK] or after is not None
        if by_sms and number and not takes_sms(number):
            errors[CONF_PHONE] = "no_sms_to_number"
        sms_sender = entered.get(CONF_SMS_SENDER, "").strip() or None
        default_sender = options_of(self._get_entry()).sms_sender
        if sms_sender is None:
            if by_sms and default_sender is None:
                errors[CONF_SMS_SENDER] = "sms_sender_missing"
        else:
            try:
                check_sms_sender(sms_sender)
            except ContentError as err:
                errors[CONF_SMS_SENDER] = err.rule
        recipient = Recipient(
            number=number,
            name=name,
            sms_fallback=entered[CONF_SMS_FALLBACK],
            sms_sender=sms_sender,
            sms_after=after,
        )
        return recipient, errors

    @callback
    def _wrong_with_name(self, name: str) -> str | None:
        """Return why a recipient cannot have a name, None where they can."""
        if not name_key(name):
            return "name_missing"
        if len(name) > MAX_NAME:
            return "name_too_long"
        taken = {name_key(other.name or "") for other in self._others()}
        return "name_taken" if name_key(name) in taken else None

    @callback
    def _others(self) -> list[Recipient]:
        """Return the other recipients of the account."""
        changed = (
            self._reconfigure_subentry_id if self.source == SOURCE_RECONFIGURE else None
        )
        return [
            recipient
            for recipient in recipients_of(self._get_entry())
            if recipient.subentry_id != changed
        ]

    async def _async_kept(
        self, recipient: Recipient, tested: Tested
    ) -> SubentryFlowResult:
        """Create the recipient, or keep its changes, whatever became of the test."""
        data: dict[str, Any] = {
            CONF_PHONE: recipient.number,
            CONF_SMS_FALLBACK: recipient.sms_fallback,
        }
        if recipient.sms_after:
            data[CONF_SMS_AFTER] = duration_of(timedelta(seconds=recipient.sms_after))
        if recipient.sms_sender:
            data[CONF_SMS_SENDER] = recipient.sms_sender
        title = recipient.name or recipient.number
        words = {"name": escaped(title), "problem": escaped(tested.problem)}
        entry = self._get_entry()
        if self.source == SOURCE_RECONFIGURE:
            self.hass.config_entries.async_update_subentry(
                entry,
                self._get_reconfigure_subentry(),
                title=title,
                data=data,
                unique_id=recipient.number,
            )
            return self.async_abort(
                reason=CHANGED[tested.ending], description_placeholders=words
            )
        first = await async_first_steps(self.hass, entry) if self._first else ""
        return self.async_create_entry(
            title=title,
            data=data,
            unique_id=recipient.number,
            description=tested.ending,
            description_placeholders=words | {"first_steps": first},
        )
