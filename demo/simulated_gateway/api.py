"""The API that the provider documents, spoken strictly."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from .messages import SimulatedMessage
from .refusals import MISSING, Refusal, check
from .sends import send
from .settings import Misbehaviour
from .state import GatewayState
from .tariffs import TARIFFS

_PROFILE_ZONE: Final = "Europe/Kyiv"

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
    check(path, parameters)
    settings = gateway.settings
    match path:
        case "/balance/":
            return {"balance": _amount(settings.balance, misbehaviour)}
        case "/credit/":
            return {"credit": _amount(settings.credit, misbehaviour)}
        case "/rates/":
            return {settings.username: _rates()}
        case "/im/status/" | "/message/status/":
            return _statuses(gateway, path, parameters, misbehaviour)
        case _:
            return await send(gateway, path, parameters, misbehaviour)


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
    path: str,
    parameters: Mapping[str, str],
    misbehaviour: Misbehaviour,
) -> dict[str, Any]:
    """Return the states of messages; unknown ids are left out."""
    ids = parameters.get("requests", "").split(",")
    if misbehaviour.batch_status == "first_only":
        ids = ids[:1]
    if misbehaviour.batch_status == "refuse" and len(ids) > 1:
        raise Refusal(MISSING)
    zone = misbehaviour.status_zone or parameters.get("timezone", _PROFILE_ZONE)
    known = {
        message.message_id: message
        for message in gateway.messages
        if _is_told(message, path, misbehaviour)
    }
    states: dict[str, Any] = {}
    for message_id in ids:
        if (message := known.get(message_id)) is None:
            continue
        status = message.status
        state = {
            "status": status.upper() if misbehaviour.state_case == "upper" else status
        }
        if cut := _TIME_FORMATS.get(parameters.get("timeformat", "")):
            moment = (message.reported_at or message.sent_at).astimezone(ZoneInfo(zone))
            text = moment.strftime(_DATE_FORMATS[misbehaviour.date_format])
            state |= {"date": text[cut], "time_zone": zone}
        upper = misbehaviour.id_case == "upper"
        states[message_id.upper() if upper else message_id] = state
    return states


def _is_told(message: SimulatedMessage, path: str, misbehaviour: Misbehaviour) -> bool:
    """Return whether a message's state is told at a path."""
    if message.api == "viber":
        return path == "/im/status/"
    told = misbehaviour.sms_status == "told"
    return path == ("/message/status/" if told else "/im/status/")
