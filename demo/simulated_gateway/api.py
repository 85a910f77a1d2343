"""The API that the provider documents, spoken strictly."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from .messages import SimulatedMessage
from .numbers import NO_VIBER, REFUSED, suffix
from .refusals import Refusal, check_send
from .settings import Misbehaviour
from .state import GatewayState
from .tariffs import TARIFFS, country_of, sms_parts

REPEAT_WINDOW: Final = timedelta(minutes=1)
_DATE_FORMATS: Final = {"iso": "%Y-%m-%d %H:%M:%S", "day_first": "%d-%m-%Y %H:%M:%S"}
_TIME_FORMATS: Final = {
    "date": slice(0, 10),
    "time": slice(11, 19),
    "datetime": slice(19),
}


async def answer(
    gateway: GatewayState,
    path: str,
    parameters: Mapping[str, str],
    misbehaviour: Misbehaviour,
) -> dict[str, Any]:
    """Return what an authenticated request is answered with; raises Refusal."""
    settings = gateway.settings
    match path:
        case "/balance/":
            return {"balance": _amount(settings.balance, misbehaviour)}
        case "/credit/":
            return {"credit": _amount(settings.credit, misbehaviour)}
        case "/rates/":
            return {settings.username: _rates()}
        case "/im/status/":
            return _statuses(gateway, parameters, misbehaviour)
        case _:
            return await _send(gateway, parameters, misbehaviour)


def _amount(amount: Decimal, misbehaviour: Misbehaviour) -> str | float | None:
    """Return an amount, as programs may write it."""
    match misbehaviour.amounts:
        case "number":
            return float(amount)
        case "comma":
            return str(amount).replace(".", ",")
        case "null":
            return None
        case _:
            return str(amount)


def _rates() -> dict[str, Any]:
    """Return the price list."""
    return {
        country: {
            network: [float(price), int(tariff.only_delivered)]
            for network, price in tariff.sms.items()
        }
        for country, tariff in TARIFFS.items()
    }


def _statuses(
    gateway: GatewayState,
    parameters: Mapping[str, str],
    misbehaviour: Misbehaviour,
) -> dict[str, Any]:
    """Return the states of messages; unknown ids are left out."""
    ids = parameters.get("requests", "").split(",")
    if misbehaviour.batch_status == "first_only":
        ids = ids[:1]
    if misbehaviour.batch_status == "refuse" and len(ids) > 1:
        raise Refusal("can't send message")
    zone = misbehaviour.status_zone or parameters.get("timezone", "Europe/Kyiv")
    known = {message.message_id: message for message in gateway.messages}
    states: dict[str, Any] = {}
    for message_id in ids:
        if (message := known.get(message_id)) is None:
            continue
        upper = misbehaviour.state_case == "upper"
        state = {"status": message.status.upper() if upper else message.status}
        if cut := _TIME_FORMATS.get(parameters.get("timeformat", "")):
            moment = (message.reported_at or message.sent_at).astimezone(ZoneInfo(zone))
            text = moment.strftime(_DATE_FORMATS[misbehaviour.date_format])
            state |= {"date": text[cut], "time_zone": zone}
        as_written = misbehaviour.id_case == "upper"
        states[message_id.upper() if as_written else message_id] = state
    return states


async def _send(
    gateway: GatewayState,
    parameters: Mapping[str, str],
    misbehaviour: Misbehaviour,
) -> dict[str, Any]:
    """Take a message to one or several numbers."""
    check_send(parameters)
    results = []
    for digits in parameters["to"].split(","):
        result: dict[str, Any] = {"number": misbehaviour.number_prefix + digits}
        try:
            message = _taken(gateway, digits, parameters)
        except Refusal as refusal:
            result |= {"status": f"error: {refusal.words}"}
            if refusal.words == "low balance":
                result["cost"] = str(_cost(digits, parameters))
            results.append(result)
            continue
        if misbehaviour.report_before_reply:
            await gateway.delivery.deliver_now(message, misbehaviour)
        else:
            gateway.delivery.start(message, misbehaviour)
        result |= {
            "status": "OK",
            "cost": str(message.cost),
            "country": message.country,
            misbehaviour.mcc_field: TARIFFS[message.country].mcc,
            "message_id": message.message_id,
        }
        results.append(result)
    if misbehaviour.shuffle_results:
        results.reverse()
    return {"reply": results[misbehaviour.omit_results :]}


def _taken(
    gateway: GatewayState, digits: str, parameters: Mapping[str, str]
) -> SimulatedMessage:
    """Return the message that was taken for one number; raises Refusal."""
    country = country_of(digits)
    if country is None:
        raise Refusal("can't determine country")
    if words := REFUSED.get(suffix(digits)):
        raise Refusal(words)
    if country not in TARIFFS:
        raise Refusal("no route to country")
    now = gateway.clock()
    if _is_repeated(gateway, digits, parameters["im_message"], now):
        raise Refusal("repeat detected")
    settings = gateway.settings
    cost = _cost(digits, parameters)
    if settings.balance + settings.credit < cost:
        raise Refusal("low balance")
    settings.balance -= cost
    sms = parameters.get("sms_message")
    message = SimulatedMessage(
        message_id=str(uuid4()),
        number=f"+{digits}",
        text=parameters["im_message"],
        sender=parameters.get("im_sender", "IntelTele.com"),
        image=parameters.get("im_image"),
        button_text=parameters.get("im_button_text"),
        button_link=parameters.get("im_button_link"),
        ttl=int(parameters.get("im_ttl", "60")),
        sms_source=parameters.get("sms_source"),
        sms_text=sms,
        sms_parts=sms_parts(sms) if sms else None,
        cost=cost,
        country=country,
        sent_at=now,
    )
    gateway.messages.append(message)
    gateway.changed()
    return message


def _cost(digits: str, parameters: Mapping[str, str]) -> Decimal:
    """Return what a message costs: Viber's price, or the SMS parts without Viber."""
    tariff = TARIFFS[country_of(digits) or "ua"]
    sms = parameters.get("sms_message")
    if suffix(digits) == NO_VIBER and sms:
        return tariff.sms[""] * sms_parts(sms)
    return tariff.viber


def _is_repeated(gateway: GatewayState, digits: str, text: str, now: datetime) -> bool:
    """Return whether a number got the same, or any, text within the last minute."""
    kind = gateway.settings.repeat_detection
    return kind != "off" and any(
        message.number == f"+{digits}"
        and (now - message.sent_at) * gateway.settings.speed < REPEAT_WINDOW
        and (kind == "any_text" or message.text == text)
        for message in reversed(gateway.messages)
    )
