"""Setting up an account, changing it, and giving it a new key."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.webhook import async_generate_id
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import callback
from yarl import URL

from .account.account import IntelTeleConfigEntry
from .account.credentials import async_credentials_error
from .care.issues import async_end_reauth
from .const import (
    CONF_CONNECTION,
    CONF_CURRENCY,
    DOMAIN,
    NAME,
    SUBENTRY_RECIPIENT,
    WEBSITE,
)
from .delivery import Recipient
from .gateway import TlsUnavailableError
from .plain import escaped
from .sending.test_message import async_try_recipient
from .settings.account_form import (
    KEY_SCHEMA,
    account_schema,
    gateway_url,
    without_tls,
)
from .settings.first_steps import Tested
from .settings.options_flow import AccountOptionsFlow
from .settings.public_ip import public_ip_words
from .settings.public_url import report_url
from .settings.recipient_flow import RecipientFlow

# Whoever reads these needs to see the address, in the section that is folded else.
_OF_THE_CONNECTION = {"invalid_url", "cannot_connect", "invalid_response"}


class RecipientSubentryFlow(RecipientFlow):
    """Adds a recipient to an account, or changes one, and can send to it."""

    @override
    async def async_try(self, recipient: Recipient) -> Tested:
        """Send a test message, and return what became of it."""
        entry: IntelTeleConfigEntry = self._get_entry()
        return await async_try_recipient(self.hass, entry, recipient)


class IntelTeleConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up an account, and changes one."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}
        self._unencrypted: set[URL] = set()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: IntelTeleConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what belongs to an account: its recipients."""
        return {SUBENTRY_RECIPIENT: RecipientSubentryFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(
        config_entry: IntelTeleConfigEntry,
    ) -> AccountOptionsFlow:
        """Return the flow that changes an account's options."""
        return AccountOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account's credentials and try them, encrypted."""
        if user_input is None:
            self._entered = {CONF_CURRENCY: self.hass.config.currency}
            return await self._async_account_form()
        self._entered = user_input
        await self._async_set_unique_id()
        self._abort_if_unique_id_configured()
        return await self._async_try_encrypted()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to change, and try it; another user's account is another entry."""
        if user_input is None:
            data = self._get_reconfigure_entry().data
            self._entered = {
                CONF_USERNAME: data[CONF_USERNAME],
                CONF_CURRENCY: data[CONF_CURRENCY],
                CONF_CONNECTION: {CONF_URL: data[CONF_URL]},
            }
            return await self._async_account_form()
        self._entered = user_input
        await self._async_set_unique_id()
        self._abort_if_unique_id_mismatch()
        return await self._async_try_encrypted()

    async def async_step_insecure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask before the credentials travel unencrypted; there is a way back."""
        if user_input is not None:
            # A menu that is answered without a choice, as no frontend does.
            return await self.async_step_unencrypted()
        return self.async_show_menu(
            step_id="insecure",
            menu_options=["unencrypted", "back"],
            description_placeholders={"host": escaped(self._url.authority)},
        )

    async def async_step_unencrypted(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Try the credentials unencrypted, and remember that this was agreed to."""
        url = without_tls(self._url)
        self._unencrypted.add(url)
        return await self._async_finish(await self._async_error(url), url)

    async def async_step_back(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to the form, with what was entered."""
        return await self._async_account_form()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Start over with the key, because the gateway rejected it."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new key and try it."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            self._entered = {CONF_USERNAME: entry.data[CONF_USERNAME]} | user_input
            error = await self._async_error(URL(entry.data[CONF_URL]))
            if error is None:
                return self._changed(entry, {CONF_API_KEY: self._api_key})
            errors["base"] = error
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=KEY_SCHEMA,
            errors=errors,
            description_placeholders={
                "username": escaped(entry.data[CONF_USERNAME]),
                **self._words,
            },
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Lead on to the first recipient."""
        subentry_flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_RECIPIENT),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (
            FlowType.CONFIG_SUBENTRIES_FLOW,
            subentry_flow["flow_id"],
        )
        return result

    async def _async_set_unique_id(self) -> None:
        """Say whose account this is about; a form that was left open blocks nobody."""
        await self.async_set_unique_id(
            self._username.casefold(), raise_on_progress=False
        )

    @property
    def _username(self) -> str:
        """Return the username that was entered."""
        username: str = self._entered[CONF_USERNAME]
        return username.strip()

    @property
    def _api_key(self) -> str:
        """Return the key that was entered, the present one where none was."""
        entered: str = self._entered.get(CONF_API_KEY, "").strip()
        if not entered and self.source == SOURCE_RECONFIGURE:
            entered = self._get_reconfigure_entry().data[CONF_API_KEY]
        return entered

    @property
    def _url(self) -> URL:
        """Return the encrypted address that was entered, which was found to be one."""
        url = gateway_url(self._entered[CONF_CONNECTION][CONF_URL])
        assert url is not None  # noqa: S101 - the step before refused others
        return url

    @property
    def _words(self) -> dict[str, str]:
        """Return what is filled into the forms for credentials."""
        return {
            "website": WEBSITE,
            "public_ip": public_ip_words(self.hass),
        }

    async def _async_account_form(self, error: str | None = None) -> ConfigFlowResult:
        """Show the form for the credentials, with what was entered before."""
        reconfigure = self.source == SOURCE_RECONFIGURE
        schema = account_schema(
            key_known=reconfigure, connection_first=error in _OF_THE_CONNECTION
        )
        return self.async_show_form(
            step_id="reconfigure" if reconfigure else "user",
            data_schema=self.add_suggested_values_to_schema(schema, self._entered),
            errors={"base": error} if error else {},
            description_placeholders=self._words,
        )

    async def _async_try_encrypted(self) -> ConfigFlowResult:
        """Try what was entered over TLS, and ask where the gateway speaks none."""
        if gateway_url(self._entered[CONF_CONNECTION][CONF_URL]) is None:
            return await self._async_account_form("invalid_url")
        url = self._url
        try:
            error = await self._async_error(url)
        except TlsUnavailableError:
            if without_tls(url) not in self._agreed:
                return await self.async_step_insecure()
            return await self.async_step_unencrypted()
        return await self._async_finish(error, url)

    @property
    def _agreed(self) -> set[URL]:
        """Return the addresses to which a person agreed to send unencrypted."""
        used = {URL(entry.data[CONF_URL]) for entry in self._async_current_entries()}
        return self._unencrypted | used

    async def _async_finish(self, error: str | None, url: URL) -> ConfigFlowResult:
        """Keep what was entered or, where it is wrong, show the form again."""
        return await self._async_account_form(error) if error else self._finished(url)

    @callback
    def _finished(self, url: URL) -> ConfigFlowResult:
        """Create the account, or change it."""
        account = {
            CONF_USERNAME: self._username,
            CONF_API_KEY: self._api_key,
            CONF_CURRENCY: self._entered[CONF_CURRENCY],
            CONF_URL: str(url),
        }
        if self.source == SOURCE_RECONFIGURE:
            return self._changed(self._get_reconfigure_entry(), account)
        # Another form may have been quicker, while the gateway was asked.
        self._abort_if_unique_id_configured()
        webhook_id = async_generate_id()
        # Whoever has several can tell them apart, and the first one is just that.
        further = self._async_current_entries(include_ignore=False)
        return self.async_create_entry(
            title=f"{NAME} ({self._username})" if further else NAME,
            data=account | {CONF_WEBHOOK_ID: webhook_id},
            # For whoever sets it up by the API: a frontend shows it at the very end.
            description_placeholders={"report_url": report_url(self.hass, webhook_id)},
        )

    @callback
    def _changed(
        self, entry: IntelTeleConfigEntry, changes: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Change an account; one that stays the same, or is not at work, starts over.

        It takes changes up by itself, where it is at work.
        """
        if self.source != SOURCE_REAUTH:
            async_end_reauth(self.hass, entry)
        if {**entry.data, **changes} == entry.data or not entry.update_listeners:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        # The same reasons as Home Assistant's own, in our words: those of its own reach
        # a frontend in some languages only.
        return self.async_update_and_abort(
            entry, data_updates=changes, reason=f"{self.source}_successful"
        )

    async def _async_error(self, url: URL) -> str | None:
        """Return what is wrong with what was entered, None where the gateway takes it.

        Raises TlsUnavailableError when an encrypted address does not speak TLS.
        """
        return await async_credentials_error(
            self.hass,
            url,
            self._username,
            self._api_key,
            new_key=bool(self._entered.get(CONF_API_KEY)),
            may_ask=self.source != SOURCE_REAUTH,
        )
