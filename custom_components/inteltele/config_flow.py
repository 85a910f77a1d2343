"""Setting up an account, and giving it a new key."""

from collections.abc import Mapping
import logging
from typing import Any, Final, override

from homeassistant.components.webhook import async_generate_id
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from .access import async_create_client
from .const import (
    CONF_CONNECTION,
    CONF_CURRENCY,
    DEFAULT_URL,
    DOMAIN,
    NAME,
    SUBENTRY_RECIPIENT,
)
from .exceptions import account_error
from .gateway import GatewayError, TlsUnavailableError
from .options_flow import AccountOptionsFlow
from .recipient_flow import RecipientFlow
from .webhook import report_url

_LOGGER = logging.getLogger(__name__)

_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)

ACCOUNT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        vol.Required(CONF_API_KEY): _PASSWORD,
        vol.Required(CONF_CURRENCY): SelectSelector(
            SelectSelectorConfig(
                options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN
            )
        ),
        vol.Required(CONF_CONNECTION): section(
            vol.Schema(
                {
                    vol.Required(CONF_URL, default=DEFAULT_URL): TextSelector(
                        TextSelectorConfig(type=TextSelectorType.URL)
                    )
                }
            ),
            {"collapsed": True},
        ),
    }
)
KEY_SCHEMA: Final = vol.Schema({vol.Required(CONF_API_KEY): _PASSWORD})


class IntelTeleConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up an account."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what belongs to an account: its recipients."""
        return {SUBENTRY_RECIPIENT: RecipientFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> AccountOptionsFlow:
        """Return the flow that changes an account's options."""
        return AccountOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account's credentials and try them, encrypted."""
        if user_input is None:
            self._entered = {CONF_CURRENCY: self.hass.config.currency}
            return self._account_form()
        self._entered = user_input
        username = user_input[CONF_USERNAME].strip()
        await self.async_set_unique_id(username.casefold())
        self._abort_if_unique_id_configured()
        if (url := _gateway_url(user_input[CONF_CONNECTION][CONF_URL])) is None:
            return self._account_form("invalid_url")
        try:
            error = await self._async_error(url, username, user_input[CONF_API_KEY])
        except TlsUnavailableError:
            return await self.async_step_insecure()
        return self._account_form(error) if error else self._created(url)

    async def async_step_insecure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask before the credentials travel unencrypted, and only then try them."""
        encrypted = _gateway_url(self._entered[CONF_CONNECTION][CONF_URL])
        assert encrypted is not None  # noqa: S101 - the step before refused others
        if user_input is None:
            return self.async_show_form(
                step_id="insecure",
                description_placeholders={"host": encrypted.authority},
            )
        url = _without_tls(encrypted)
        error = await self._async_error(
            url, self._entered[CONF_USERNAME].strip(), self._entered[CONF_API_KEY]
        )
        # What was wrong can only be changed in the form with the credentials.
        return self._account_form(error) if error else self._created(url)

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
            api_key = user_input[CONF_API_KEY].strip()
            error = await self._async_error(
                URL(entry.data[CONF_URL]), entry.data[CONF_USERNAME], api_key
            )
            if error is None:
                if api_key == entry.data[CONF_API_KEY] or not entry.update_listeners:
                    self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_update_and_abort(
                    entry, data_updates={CONF_API_KEY: api_key}
                )
            errors["base"] = error
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=KEY_SCHEMA,
            errors=errors,
            description_placeholders={"username": entry.data[CONF_USERNAME]},
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

    @callback
    def _account_form(self, error: str | None = None) -> ConfigFlowResult:
        """Show the form for the credentials, with what was entered before."""
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                ACCOUNT_SCHEMA, self._entered
            ),
            errors={"base": error} if error else {},
        )

    @callback
    def _created(self, url: URL) -> ConfigFlowResult:
        """Create the account."""
        webhook_id = async_generate_id()
        return self.async_create_entry(
            title=self._free_title(),
            data={
                CONF_USERNAME: self._entered[CONF_USERNAME].strip(),
                CONF_API_KEY: self._entered[CONF_API_KEY].strip(),
                CONF_CURRENCY: self._entered[CONF_CURRENCY],
                CONF_URL: str(url),
                CONF_WEBHOOK_ID: webhook_id,
            },
            description="report_url",
            description_placeholders={"report_url": report_url(self.hass, webhook_id)},
        )

    @callback
    def _free_title(self) -> str:
        """Return "IntelTele", or with the next number that no account bears."""
        taken = {entry.title for entry in self._async_current_entries()}
        title, number = NAME, 1
        while title in taken:
            number += 1
            title = f"{NAME} {number}"
        return title

    async def _async_error(self, url: URL, username: str, api_key: str) -> str | None:
        """Return what is wrong with credentials, None where the gateway takes them.

        Raises TlsUnavailableError when an encrypted address does not speak TLS.
        """
        client = await async_create_client(
            self.hass, url=str(url), username=username, api_key=api_key.strip()
        )
        client.forgive()
        try:
            await client.balance()
        except TlsUnavailableError:
            if url.scheme == "https" and self.source == SOURCE_USER:
                raise
            return "cannot_connect"
        except GatewayError as err:
            return account_error(err.reason)
        except Exception:
            _LOGGER.exception("The account could not be checked")
            return "unknown"
        return None


def _gateway_url(text: str) -> URL | None:
    """Return the encrypted form of a gateway address, None for anything that is none.

    What was typed before "://" does not matter: encryption is tried first anyway.
    """
    address = text.strip()
    try:
        url = URL(address if "://" in address else f"https://{address}")
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.query:
        return None
    return URL(f"https://{url.authority}{url.raw_path.rstrip('/')}")


def _without_tls(url: URL) -> URL:
    """Return an address as plain HTTP, on the same port where one was named."""
    return url.with_scheme("http")
