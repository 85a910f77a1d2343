"""Everything that the simulated gateway can do wrong, at every call."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from custom_components.inteltele.coordinator import REFRESH_COOLDOWN
from demo.simulated_gateway import Misbehaviour
from demo.simulated_gateway.settings import DEFAULT_IPS

from .place import OLENA, PETRO, Place, listening

BEYOND_PATIENCE: Final = 5.0
BALANCE: Final = "sensor.inteltele_balance"
PRICE: Final = 0.45
CREDIT: Final = "sensor.inteltele_credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave; with `refused`, the gateway refuses what is asked.

    `harmless` means that everything must go as if the gateway were well.
    """

    ways: Mapping[str, Any]
    refused: bool = False
    harmless: bool = True

    @property
    def name(self) -> str:
        """Return what it is called."""
        words = ", ".join(f"{name}={value!r:.24}" for name, value in self.ways.items())
        return f"{words}, refused" if self.refused else words


FAULTS: Final = (
    Fault(ways={"single_quotes": True}),
    *(Fault(ways={"get_only": status}) for status in (404, 405, 501)),
    *(
        Fault(ways={"error_shape": shape}, refused=True, harmless=False)
        for shape in ("documented", "reply", "flat")
    ),
    *(
        Fault(ways={"error_http_status": status}, refused=True, harmless=False)
        for status in (400, 401, 403, 500)
    ),
    Fault(ways={"single_quotes": True}, refused=True, harmless=False),
    *(Fault(ways={"content_type": kind}) for kind in ("text/html", "x/y")),
    Fault(ways={"report_before_reply": True}),
    Fault(ways={"report_copies": 5}),
    Fault(ways={"report_delay": 0.1}),
    Fault(ways={"reorder_reports": True}),
    Fault(ways={"date_format": "day_first"}),
    Fault(ways={"status_zone": "Europe/Kiev"}),
    Fault(ways={"id_case": "upper"}),
    Fault(ways={"amounts": "number"}),
    *(Fault(ways={"amounts": how}, harmless=False) for how in ("comma", "null")),
    *(
        Fault(ways={"sms_status": how})
        for how in ("empty", "not_found", "page", "redirect")
    ),
    Fault(ways={"sms_parts": False}),
    *(Fault(ways={"sms_reports": how}) for how in ("by_part", "last_part_fails")),
    Fault(ways={"state_case": "upper"}),
    Fault(ways={"mcc_field": "mccmnc"}),
    *(Fault(ways={"batch_status": way}) for way in ("first_only", "refuse")),
    Fault(ways={"number_prefix": "+"}),
    Fault(ways={"delay": 0.1}),
    Fault(ways={"delay": BEYOND_PATIENCE}, harmless=False),
    Fault(ways={"cut_off": "before_work"}, harmless=False),
    Fault(ways={"cut_off": "after_work"}, harmless=False),
    *(
        Fault(ways={"server_error": status}, harmless=False)
        for status in (500, 502, 503)
    ),
    Fault(ways={"html_body": True}, harmless=False),
    *(Fault(ways={"router_page": page}, harmless=False) for page in (200, 403, 511)),
    Fault(ways={"oversized_body": True}, harmless=False),
    Fault(ways={"drip": 0.0001}),
    Fault(ways={"drip": 0.5}, harmless=False),
    Fault(ways={"redirect_to": "http://127.0.0.1:1/"}, harmless=False),
    Fault(ways={"shuffle_results": True}),
    Fault(ways={"omit_results": 1}, harmless=False),
)


def uncovered() -> set[str]:
    """Return the fields of Misbehaviour that no fault above uses."""
    known = {field.name for field in fields(Misbehaviour)} - {"apply_to", "times"}
    return known - {name for fault in FAULTS for name in fault.ways}


async def every_call_while_the_gateway_misbehaves(place: Place) -> None:
    """Ask everything, under each fault, and once more when it is over."""
    figures = place.figures
    offences: dict[str, list[str]] = {
        claim: []
        for claim in (
            "calls that ended in an unforeseen error",
            "messages that went out twice",
            "messages told to be sent that the gateway does not have",
            "messages told to have failed that the gateway has",
            "calls that failed though the fault is harmless",
            "wrong values shown",
            "outcomes told twice, or not at all",
            "calls that fail after the fault is over",
        )
    }
    figures.none_of("ways to misbehave that are not tried", uncovered())
    calls = 0
    for fault in FAULTS:
        calls += await _try(place, fault, offences)
    figures.at_least("calls made", calls, 6 * len(FAULTS))
    for claim, found in offences.items():
        figures.none_of(claim, found)


async def _try(place: Place, fault: Fault, offences: dict[str, list[str]]) -> int:
    """Make every call under one fault, and look what became of it."""
    gateway = place.gateway
    known = [sent["message_id"] for sent in await place.send(to=[OLENA, PETRO])]
    await gateway.delivery.settle()
    async with listening(place.hass, "inteltele_delivery_status") as events:
        gateway.settings.misbehaviour = Misbehaviour(**fault.ways)
        if fault.refused:
            gateway.settings.allowed_ips = ("10.0.0.0/8",)
        await _send(place, fault, offences)
        await _send(place, fault, offences, channel="sms", sms_sender="MyHouse")
        for name, asked in (
            ("get_status", {"message_ids": known}),
            ("get_rates", {"country": "ua"}),
        ):
            await _ask(place, fault, offences, name, asked)
        await _money(place, fault, offences)
        await gateway.delivery.settle()
        await place.settle()
        gateway.settings.misbehaviour = Misbehaviour()
        gateway.settings.allowed_ips = DEFAULT_IPS
        if fault.ways.get("reorder_reports"):
            # The odd one of three waits for its successor.
            await place.send()
        await gateway.delivery.settle()
        await place.settle()
        told = [event.data["id"] for event in events]
        ids = {m["id"] for m in await _history(place)}
        for message_id in set(told):
            if told.count(message_id) != 1 or message_id not in ids:
                offences["outcomes told twice, or not at all"].append(fault.name)
    [after] = await place.send()
    if after["status"] != "sent" or place.entry.runtime_data.problem is not None:
        offences["calls that fail after the fault is over"].append(fault.name)
    await gateway.delivery.settle()
    await place.settle()
    return 6


async def _history(place: Place) -> list[dict[str, Any]]:
    """Return the newest messages of the history."""
    return list((await place.call("inteltele.get_messages", limit=20))["messages"])


async def _send(
    place: Place, fault: Fault, offences: dict[str, list[str]], **fields: Any
) -> None:
    """Send to two at once, and hold what is told against what the gateway has."""
    text = place.text()
    try:
        told = await place.send(message=text, to=[OLENA, PETRO], **fields)
    except Exception as err:  # noqa: BLE001 - that is what is looked for
        offences["calls that ended in an unforeseen error"].append(
            f"{fault.name}: send, {type(err).__name__}"
        )
        return
    place.statuses.update(message["status"] for message in told)
    taken = [m.number for m in place.gateway.messages if m.text == text]
    if len(taken) != len(set(taken)):
        offences["messages that went out twice"].append(fault.name)
    for message in told:
        number, status = message.get("number"), message["status"]
        there = number in taken if number else bool(taken)
        if status == "sent" and not there:
            offences["messages told to be sent that the gateway does not have"].append(
                fault.name
            )
        if status == "failed" and there:
            offences["messages told to have failed that the gateway has"].append(
                f"{fault.name}: {message['error']}"
            )
        if fault.harmless and status != "sent":
            offences["calls that failed though the fault is harmless"].append(
                f"{fault.name}: send, {message}"
            )


async def _ask(
    place: Place,
    fault: Fault,
    offences: dict[str, list[str]],
    name: str,
    asked: dict[str, Any],
) -> None:
    """Ask something, and look whether it is answered rightly or refused plainly."""
    try:
        answer = await place.call(f"inteltele.{name}", **asked)
    except HomeAssistantError as err:
        place.heard_errors.append(str(err))
        if fault.harmless or err.translation_domain != "inteltele":
            offences["calls that failed though the fault is harmless"].append(
                f"{fault.name}: {name}, {err.translation_key}"
            )
        return
    except Exception as err:  # noqa: BLE001 - that is what is looked for
        offences["calls that ended in an unforeseen error"].append(
            f"{fault.name}: {name}, {type(err).__name__}"
        )
        return
    right = (
        answer["rates"]["ua"][0]["price"] == PRICE
        if name == "get_rates"
        else [m["status"] for m in answer["messages"].values()] == ["delivered"] * 2
    )
    if not right:
        offences["wrong values shown"].append(f"{fault.name}: {name}")


async def _money(place: Place, fault: Fault, offences: dict[str, list[str]]) -> None:
    """Ask for balance and credit by their sensors."""
    settings = place.gateway.settings
    await place.hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": [BALANCE, CREDIT]},
        blocking=True,
    )
    # Questions are put off, so that a burst of sends asks once.
    await place.advance(REFRESH_COOLDOWN + 1)
    for entity_id, amount in ((BALANCE, settings.balance), (CREDIT, settings.credit)):
        state = place.hass.states.get(entity_id)
        if state is None or not (
            # A JSON number has lost the noughts at its end.
            state.state == "unavailable" or Decimal(state.state) == amount
        ):
            offences["wrong values shown"].append(f"{fault.name}: {entity_id} {state}")
        elif fault.harmless and state.state == "unavailable":
            offences["calls that failed though the fault is harmless"].append(
                f"{fault.name}: {entity_id}"
            )
