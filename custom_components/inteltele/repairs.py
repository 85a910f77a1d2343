"""Repairs: what a person can end in the dialog of an issue."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .account.account import Account, IntelTeleConfigEntry
from .account.accounts import async_find_account
from .care.issues import AccountIssue
from .const import CONF_PHONE, CONF_SMS_FALLBACK, CONF_SMS_SENDER, DOMAIN, WEBSITE
from .gateway import ContentError, ErrorReason, check_sms_sender, takes_sms
from .settings.options import options_of
from .settings.public_ip import public_ip_words

CONFIRM_SCHEMA: Final = vol.Schema({})
SMS_SENDER_SCHEMA: Final = vol.Schema({vol.Required(CONF_SMS_SENDER): TextSelector()})


class _IssueFlow(RepairsFlow, ABC):
    """Ends an issue of an account."""

    def __init__(self, told: Mapping[str, Any], words: Mapping[str, str]) -> None:
        """Bind the flow to what the issue tells, and to the words that fill it."""
        self._told = told
        self._words = words

    @property
    def _entry(self) -> IntelTeleConfigEntry | None:
        """Return the account, None where it was removed meanwhile."""
        return self.hass.config_entries.async_get_entry(self._told["entry_id"])

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Begin with what is to be confirmed."""
        return await self.async_step_confirm()

    @abstractmethod
    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Do it, once it is confirmed."""


class _AccountFlow(_IssueFlow, ABC):
    """Ends an issue by what an account at work does."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Do it, once it is confirmed."""
        account = async_find_account(self.hass, self._told["entry_id"])
        if account is None:
            return self.async_abort(reason="account_not_loaded")
        error: str | None = None
        if user_input is not None:
            error = await self._async_error(account)
            if error is None:
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            data_schema=CONFIRM_SCHEMA,
            errors={"base": error} if error else {},
            description_placeholders={
                **self._words,
                "public_ip": public_ip_words(self.hass),
                "report_url": account.care.reports.url,
                "website": WEBSITE,
            },
        )

    @abstractmethod
    async def _async_error(self, account: Account) -> str | None:
        """Do what was confirmed, and return what keeps the issue from its end."""


class AskAgainFlow(_AccountFlow):
    """Asks the gateway again, after a person mended something elsewhere."""

    @override
    async def _async_error(self, account: Account) -> str | None:
        """Ask for the balance, and return what is still wrong."""
        await account.coordinator.async_refresh()
        if not account.coordinator.last_update_success:
            return (account.problem or ErrorReason.INVALID_RESPONSE).of_account
        if ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id) is not None:
            return str(self._told["key"])
        return None


class HandInFlow(_AccountFlow):
    """Shows the address for delivery reports, until a person handed it in."""

    @override
    async def _async_error(self, account: Account) -> str | None:
        """Remember that it was handed in."""
        account.care.reports.async_handed_in()
        return None


class SmsFallbackFlow(_IssueFlow):
    """Turns a recipient's SMS fallback on."""

    @property
    def _recipient(self) -> ConfigSubentry | None:
        """Return the recipient, None where it was removed meanwhile."""
        entry = self._entry
        return entry.subentries.get(self._told["subentry_id"]) if entry else None

    @override
    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Turn it on once that is confirmed, with a sender that is known."""
        entry, recipient = self._entry, self._recipient
        if entry is None or recipient is None:
            return self.async_abort(reason="recipient_removed")
        if not takes_sms(recipient.data[CONF_PHONE]):
            return self._no_sms()
        if not (recipient.data.get(CONF_SMS_SENDER) or options_of(entry).sms_sender):
            return await self.async_step_sms_sender()
        if user_input is not None:
            return self._turned_on(entry, recipient, {})
        return self._form("confirm", CONFIRM_SCHEMA)

    async def async_step_sms_sender(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Turn it on, with the sender that is asked for."""
        entry, recipient = self._entry, self._recipient
        if entry is None or recipient is None:
            return self.async_abort(reason="recipient_removed")
        if not takes_sms(recipient.data[CONF_PHONE]):
            # It may have got another number meanwhile.
            return self._no_sms()
        errors: dict[str, str] = {}
        if user_input is not None:
            sms_sender = user_input[CONF_SMS_SENDER].strip()
            try:
                check_sms_sender(sms_sender)
            except ContentError as err:
                errors[CONF_SMS_SENDER] = err.rule
            else:
                return self._turned_on(entry, recipient, {CONF_SMS_SENDER: sms_sender})
        schema = self.add_suggested_values_to_schema(SMS_SENDER_SCHEMA, user_input)
        return self._form("sms_sender", schema, errors)

    def _no_sms(self) -> RepairsFlowResult:
        """Say that no SMS goes to the recipient's number."""
        return self.async_abort(
            reason="no_sms_to_number", description_placeholders=self._words
        )

    def _form(
        self,
        step_id: str,
        schema: vol.Schema,
        errors: dict[str, str] | None = None,
    ) -> RepairsFlowResult:
        """Show a form that names the recipient."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors=errors,
            description_placeholders=self._words,
        )

    def _turned_on(
        self,
        entry: IntelTeleConfigEntry,
        recipient: ConfigSubentry,
        sender: Mapping[str, str],
    ) -> RepairsFlowResult:
        """Turn the fallback on; the account takes that up by itself."""
        self.hass.config_entries.async_update_subentry(
            entry,
            recipient,
            data={**recipient.data, CONF_SMS_FALLBACK: True, **sender},
        )
        return self.async_create_entry(data={})


_FLOWS: Final[Mapping[AccountIssue, type[_IssueFlow]]] = {
    AccountIssue.IP_NOT_ALLOWED: AskAgainFlow,
    AccountIssue.LOW_BALANCE: AskAgainFlow,
    AccountIssue.NO_RECEIPTS: HandInFlow,
    AccountIssue.REPORT_URL_CHANGED: HandInFlow,
    AccountIssue.UNDELIVERABLE: SmsFallbackFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any]
) -> RepairsFlow:
    """Return the flow that ends an issue."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    words = (issue and issue.translation_placeholders) or {}
    return _FLOWS[AccountIssue(data["key"])](data, words)
