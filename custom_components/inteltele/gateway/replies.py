"""What the gateway's replies mean, in each form its documentation shows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
import re
from typing import Final

from .bodies import Reply
from .errors import InvalidResponseError, RefusedError
from .models import Rate, Rates, SendResult, State
from .numbers import digits
from .reasons import ErrorReason
from .receipts import is_message_id

# Texts of `status`, and of `message` where "error" is true, on the provider's page.
_REASONS: Final[Mapping[str, ErrorReason]] = {
    "wrong username/api_key": ErrorReason.INVALID_AUTH,
    "wrong api key": ErrorReason.INVALID_AUTH,
    "invalid auth": ErrorReason.INVALID_AUTH,
    "bruteforcing detected": ErrorReason.LOCKED_OUT,
    "ip not allowed": ErrorReason.IP_NOT_ALLOWED,
    "can't send message": ErrorReason.MISSING_PARAMETER,
    "message is too long": ErrorReason.TOO_LONG,
    "sender is banned": ErrorReason.SENDER_BANNED,
    "number is blacklisted": ErrorReason.BLACKLISTED,
    "repeat detected": ErrorReason.REPEAT_DETECTED,
    "can't determine country": ErrorReason.UNKNOWN_COUNTRY,
    "no route to country": ErrorReason.NO_ROUTE,
    "low balance": ErrorReason.LOW_BALANCE,
}
_ERROR_PREFIX: Final = "error:"
_COUNT: Final = re.compile(r"[1-9][0-9]?")
_AMOUNT: Final = re.compile(r"-?[0-9]{1,12}(?:\.(?P<decimals>[0-9]{1,40}))?")
_MOST_DECIMALS: Final = 9
_RATE_ITEMS: Final = 2


def raise_for_error(reply: Reply) -> None:
    """Raise what a reply says about the whole request, whichever shape it uses.

    RefusedError for a documented error, InvalidResponseError for any other.
    """
    if (words := _whole_error(reply)) is None:
        return
    if (reason := _reason(words)) is None:
        raise InvalidResponseError(words)
    raise RefusedError(reason)


def send_results(reply: Reply, numbers: Iterable[str]) -> dict[str, SendResult]:
    """Return the results of /im/send/ or /message/send/ by E.164 number.

    A number for which the reply has no object is missing from the result. Results are
    matched by number, because the provider promises no order.
    """
    wanted = {digits(number): number for number in numbers}
    results: dict[str, SendResult] = {}
    items = reply.get("reply")
    if not isinstance(items, list):
        raise InvalidResponseError(str(reply), accepted=True)
    for item in items:
        if not isinstance(item, dict):
            continue
        number = wanted.get(digits(_number(item.get("number"))))
        if item.get("number") is None and len(items) == len(wanted) == 1:
            number = next(iter(wanted.values()))
        if number is not None and number not in results:
            results[number] = _send_result(number, item)
    if not results:
        raise InvalidResponseError(str(reply), accepted=True)
    return results


def states(reply: Reply) -> dict[str, State]:
    """Return the states of /im/status/, by the ids of messages in lower case."""
    return {
        message_id.lower(): State(
            status=item["status"], date=item.get("date"), zone=_zone(item)
        )
        for message_id, item in reply.items()
        if isinstance(item, dict) and isinstance(item.get("status"), str)
    }


def amount(reply: Reply, field: str) -> Decimal | None:
    """Return an amount of money, exactly as the gateway wrote it.

    None where there is something else in its place, such as null.
    """
    if field not in reply:
        raise InvalidResponseError(str(reply))
    return _decimal(reply[field])


def rates(reply: Reply, username: str) -> Rates:
    """Return the SMS prices of /rates/, by ISO 3166 alpha-2 code in lower case."""
    countries = reply.get(username)
    if countries is None and len(reply) == 1:
        countries = next(iter(reply.values()))
    if not isinstance(countries, dict):
        raise InvalidResponseError(str(reply))
    return {
        code: tuple(_rate(network, item) for network, item in networks.items())
        for country, networks in countries.items()
        if isinstance(networks, dict) and (code := _short_text(country)) is not None
    }


def _whole_error(reply: Reply) -> str | None:
    """Return the words of an error that concerns the whole request."""
    if reply.get("error") not in (None, False, 0, "", "false"):
        words = reply.get("message") or reply.get("status") or reply["error"]
        return str(words)
    items = reply.get("reply")
    if isinstance(items, list) and len(items) == 1 and isinstance(items[0], dict):
        item: Reply = items[0]
    else:
        item = reply
    status = item.get("status")
    if item.get("number") is not None or not isinstance(status, str):
        return None
    return status if status.strip().lower().startswith(_ERROR_PREFIX) else None


def _reason(words: str) -> ErrorReason | None:
    """Return which documented error the gateway's words are."""
    plain = words.strip().casefold().removeprefix(_ERROR_PREFIX).strip()
    return _REASONS.get(plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def _send_result(number: str, item: Reply) -> SendResult:
    """Return one object of a reply to a send."""
    status = str(item.get("status", ""))
    message_id = item.get("message_id")
    cost = _decimal(item.get("cost"))
    if status.strip().casefold() == "ok":
        known = isinstance(message_id, str) and is_message_id(message_id)
        return SendResult(
            number=number,
            message_id=message_id if known else None,
            cost=cost,
            country=_short_text(item.get("country")),
            parts=_count(item.get("parts")),
        )
    return SendResult(
        number=number,
        cost=cost,
        error=_reason(status) or ErrorReason.INVALID_RESPONSE,
        words=None if _reason(status) else status,
    )


def _zone(state: Reply) -> str | None:
    """Return the name of the zone of a state's date, None without one."""
    zone = state.get("time_zone")
    return None if zone in (None, "") else str(zone).strip()


def _rate(network: str, item: object) -> Rate:
    """Return one price of /rates/."""
    if isinstance(item, list) and len(item) == _RATE_ITEMS:
        price = _decimal(item[0])
        if price is not None:
            return Rate(
                network=_short_text(network),
                price=price,
                only_delivered=str(item[1]) == "1",
            )
    raise InvalidResponseError(str(item))


def _decimal(value: object) -> Decimal | None:
    """Return an amount, or None for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value).strip()
    if (match := _AMOUNT.fullmatch(text)) is None:
        return None
    amount = Decimal(text)
    # So many digits are how a program shows 0.1 + 0.2.
    rounded = len(match["decimals"] or "") > _MOST_DECIMALS
    return round(amount, _MOST_DECIMALS).normalize() if rounded else amount


def _number(value: object) -> str:
    """Return a phone number as text, also one that is a JSON number."""
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".0")
    return str(value) if isinstance(value, str | int) else ""


def _count(value: object) -> int | None:
    """Return a number of parts, or None for anything that is none."""
    text = str(value).strip()
    return int(text) if _COUNT.fullmatch(text) else None


def _short_text(value: object) -> str | None:
    """Return a code, in lower case, or None for anything that is none."""
    if not isinstance(value, str | int) or not str(value).isalnum():
        return None
    return str(value).lower()[:8]
