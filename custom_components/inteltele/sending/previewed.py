"""What a recipient would get, as previews hold it, and what to know about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType

from ..account.account import Account
from ..delivery import Composed, Notice, Recipient, leaves_after
from ..exceptions import failure
from ..gateway import (
    MAX_MESSAGE_LENGTH,
    GatewayError,
    MessageContent,
    SmsContent,
    measure,
)
from ..settings.recipients import notify_entity_id
from ..storage.message import Channel, HouseReason
from ..texts import async_common_texts, async_sentences
from .outcomes import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What somebody would get, or why they would get nothing.

    `composed` is None where nothing was composed for them. `passed_over` is None for
    whoever would get it; `without_sms` where a limit leaves no room for an SMS.
    """

    account: Account
    recipient: Recipient
    composed: Composed | None = None
    passed_over: str | None = None
    without_sms: bool = False

    def ways(self) -> Iterator[JsonObjectType]:
        """Yield how it goes out, in order, as a response holds it."""
        if self.composed is None:
            return
        content = self.composed.content
        if isinstance(content, SmsContent):
            yield self._sms(content.message, 0)
            return
        yield _viber(content)
        if self.composed.sms is not None and self.composed.sms_after is not None:
            after = leaves_after(self.composed.sms_after, content.ttl)
            yield self._sms(self.composed.sms.message, after)
        elif content.sms_message is not None:
            # The gateway's own fallback; it tells nobody when.
            yield self._sms(content.sms_message, None)

    def as_json(
        self, hass: HomeAssistant, ways: Sequence[JsonObjectType]
    ) -> JsonObjectType:
        """Return it with some ways, as a response holds it."""
        return {
            "number": self.recipient.number,
            "entity_id": notify_entity_id(hass, self.recipient),
            "recipient": self.recipient.name,
            "ways": list[Any](ways),
            "passed_over": self.passed_over,
        }

    @property
    def price(self) -> tuple[Decimal, Decimal] | None:
        """Return what its SMS costs at least and at most, None where unknown."""
        parts = self.composed and self.composed.sms_parts
        if not parts:
            return None
        return self.account.prices.of(self.recipient.number, parts)

    def _sms(self, text: str, after: int | None) -> JsonObjectType:
        """Return an SMS, as a response holds it."""
        size, price = measure(text), self.price
        return {
            "channel": Channel.SMS,
            "after": after,
            "text": text,
            "image": None,
            "button_text": None,
            "button_url": None,
            "encoding": size.encoding,
            "parts": size.parts,
            "characters_left": size.left,
            "price": price and {"lowest": float(price[0]), "highest": float(price[1])},
        }


def within_limits(
    account: Account, rows: Sequence[Previewed], *, urgent: bool = False
) -> list[Previewed]:
    """Return what an account's limits allow of each, beside those before it."""
    allowed = account.delivery.acceptance.afforded(
        filter(None, (row.composed for row in rows)), urgent=urgent
    )
    return [
        replace(
            row,
            composed=afforded or row.composed,
            passed_over=row.passed_over
            or (None if afforded else HouseReason.LIMIT_REACHED),
            without_sms=afforded not in {None, row.composed},
        )
        for row, afforded in zip(rows, allowed, strict=True)
    ]


async def async_ask_prices(rows: Iterable[Previewed]) -> list[HomeAssistantError]:
    """Have the prices of what would go out at hand; return why one is not."""
    accounts = dict.fromkeys(
        item.account for item in rows if item.composed and item.composed.sms_parts
    )
    unknown = False
    for account in accounts:
        try:
            await account.prices.async_ask(account.client)
        except GatewayError:
            unknown = True
    return [failure("preview_no_prices")] if unknown else []


def notices_of(
    accounts: Iterable[Account],
    rows: Sequence[Previewed],
    notices: frozenset[Notice] = frozenset(),
) -> frozenset[Notice]:
    """Return what to know about what would go out, beside what is known of it all."""
    notices = notices.union(*(item.composed.notices for item in rows if item.composed))
    if any(item.without_sms for item in rows):
        notices |= {Notice.SENT_WITHOUT_SMS}
    if Notice.ANSWERS_UNENCRYPTED not in notices and not all(
        account.client.encrypted for account in accounts
    ):
        notices |= {Notice.GATEWAY_UNENCRYPTED}
    return notices


def shortfalls_of(
    accounts: Iterable[Account], rows: Sequence[Previewed]
) -> list[HomeAssistantError]:
    """Return whom the limits leave out, and which accounts have too little money."""
    limited = dict.fromkeys(
        label(item.recipient)
        for item in rows
        if item.passed_over is HouseReason.LIMIT_REACHED
    )
    left_out = [failure("preview_limit_reached", recipients=", ".join(limited))]
    return [
        *(left_out if limited else []),
        *(
            failure("preview_low_balance", account=account.entry.title)
            for account in accounts
            if _costs_too_much(account, rows)
        ),
    ]


def _costs_too_much(account: Account, rows: Sequence[Previewed]) -> bool:
    """Return whether an account's money would not pay for what would go out.

    What a Viber message costs is known to nobody beforehand.
    """
    ours = [item for item in rows if item.account is account and not item.passed_over]
    most = sum((price[1] for item in ours if (price := item.price)), Decimal(0))
    money = account.coordinator.data
    # What nobody knows of the balance warns nobody.
    if not ours or not money or money.balance is None:
        return False
    left = money.balance + (money.credit or 0)
    return account.coordinator.ran_out or left <= 0 or left < most


async def async_warnings(
    hass: HomeAssistant,
    notices: frozenset[Notice],
    shortfalls: Sequence[HomeAssistantError],
) -> list[Any]:
    """Return what to know before something is sent, as a response holds it."""
    return [
        *await async_common_texts(hass, sorted(notices)),
        *await async_sentences(hass, shortfalls),
    ]


def _viber(content: MessageContent) -> JsonObjectType:
    """Return a Viber message, as a response holds it."""
    return {
        "channel": Channel.VIBER,
        "after": 0,
        "text": content.message,
        "image": content.image,
        "button_text": content.button_text,
        "button_url": content.button_url,
        "encoding": None,
        "parts": None,
        "characters_left": MAX_MESSAGE_LENGTH - len(content.message),
        "price": None,
    }
