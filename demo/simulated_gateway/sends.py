"""Taking messages: Viber's with their fallback, and SMS of their own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import uuid4

from .messages import SimulatedMessage
from .numbers import REFUSED, REFUSED_ON_VIBER, suffix
from .refusals import Refusal
from .settings import Misbehaviour
from .state import GatewayState
from .tariffs import TARIFFS, country_of, sms_parts

REPEAT_WINDOW: Final = timedelta(minutes=1)


async def send(
    gateway: GatewayState,
    path: str,
    parameters: Mapping[str, str],
    misbehaviour: Misbehaviour,
) -> dict[str, Any]:
    """Take a message to one or several numbers."""
    api: Literal["viber", "sms"] = "viber" if path == "/im/send/" else "sms"
    results = []
    for digits in parameters["to"].split(","):
        result: dict[str, Any] = {"number": misbehaviour.number_prefix + digits}
        try:
            message = _taken(gateway, api, digits, parameters)
        except Refusal as refusal:
            result |= {"status": f"error: {refusal.words}"}
            if refusal.words == "low balance":
                result["cost"] = str(_cost(gateway, api, digits, parameters))
            results.append(result)
            continue
        if misbehaviour.report_before_reply:
            await gateway.delivery.deliver_now(message, misbehaviour)
        else:
            gateway.delivery.start(message, misbehaviour)
        results.append(result | _result(message, misbehaviour))
    if misbehaviour.shuffle_results:
        results.reverse()
    return {"reply": results[misbehaviour.omit_results :]}


def _result(message: SimulatedMessage, misbehaviour: Misbehaviour) -> dict[str, Any]:
    """Return what is answered for a message that was taken."""
    mcc = TARIFFS[message.country].mcc
    field = misbehaviour.mcc_field
    if field == "documented":
        field = "mcc" if message.api == "viber" else "mccmnc"
    result: dict[str, Any] = {
        "status": "OK",
        "cost": str(message.cost),
        "country": message.country,
        field: mcc if field == "mcc" else f"{mcc}XX",
        "message_id": message.message_id,
    }
    if message.api == "sms" and misbehaviour.sms_parts:
        result["parts"] = message.sms_parts
    return result


def _taken(
    gateway: GatewayState,
    api: Literal["viber", "sms"],
    digits: str,
    parameters: Mapping[str, str],
) -> SimulatedMessage:
    """Return the message that was taken for one number; raises Refusal."""
    country = country_of(digits)
    if country is None:
        raise Refusal("can't determine country")
    refused = REFUSED if api == "sms" else {**REFUSED, **REFUSED_ON_VIBER}
    if words := refused.get(suffix(digits)):
        raise Refusal(words)
    if country not in TARIFFS:
        raise Refusal("no route to country")
    now = gateway.clock()
    viber = api == "viber"
    text = parameters["im_message" if viber else "message"]
    if _is_repeated(gateway, api, digits, text, now):
        raise Refusal("repeat detected")
    settings = gateway.settings
    cost = _cost(gateway, api, digits, parameters)
    if settings.balance + settings.credit < cost:
        raise Refusal("low balance")
    settings.balance -= cost
    sender = parameters.get("im_sender", "IntelTele.com")
    sms_sender = parameters.get("sms_source" if viber else "from")
    sms = parameters.get("sms_message" if viber else "message")
    message = SimulatedMessage(
        message_id=str(uuid4()),
        api=api,
        number=f"+{digits}",
        text=text,
        sender=sender if viber else sms_sender or "message",
        image=parameters.get("im_image"),
        button_text=parameters.get("im_button_text"),
        button_link=parameters.get("im_button_link"),
        ttl=int(parameters.get("im_ttl", "60")),
        sms_source=sms_sender,
        sms_text=sms,
        sms_parts=sms_parts(sms) if sms else None,
        priority=int(parameters.get("priority", "0")),
        system_type=parameters.get("system_type"),
        cost=cost,
        country=country,
        sent_at=now,
    )
    gateway.messages.append(message)
    gateway.changed()
    return message


def _cost(
    gateway: GatewayState, api: str, digits: str, parameters: Mapping[str, str]
) -> Decimal:
    """Return what a message costs: Viber's price, or the SMS parts without Viber."""
    tariff = TARIFFS[country_of(digits) or "ua"]
    if api == "sms":
        return tariff.sms[""] * sms_parts(parameters["message"])
    sms = parameters.get("sms_message")
    if gateway.phones.of(f"+{digits}").no_viber and sms:
        return tariff.sms[""] * sms_parts(sms)
    return tariff.viber


def _is_repeated(
    gateway: GatewayState, api: str, digits: str, text: str, now: datetime
) -> bool:
    """Return whether a number got the same, or any, text within the last minute."""
    settings = gateway.settings
    kind = settings.repeat_detection
    return kind != "off" and any(
        message.number == f"+{digits}"
        and (now - message.sent_at) * settings.speed < REPEAT_WINDOW
        and (kind == "any_text" or message.text == text)
        and (settings.repeat_across or message.api == api)
        for message in reversed(gateway.messages)
    )
