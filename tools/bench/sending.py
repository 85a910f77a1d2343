"""What a send costs, against what people use today."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import batched, count
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
import voluptuous as vol

from ..house import call_action
from .configuration import add_account_at, bare_entities, house_of_comparison
from .floor import written_rows
from .gateways import API_KEY, Gateway, least_process, line_process
from .line import ROUND_TRIP
from .publishing import bare_publish, notify_entity, ntfy_phone, publish
from .rounds import (
    Floor,
    Row,
    Run,
    Work,
    above,
    interleaved,
    own_seconds,
    ratios,
    typical_seconds,
)

SENDS: Final = 120
FAR_SENDS: Final = 20
MANY: Final = 1000
FAR_MANY: Final = 200
A_REQUEST: Final = 100
FAR_AWAY: Final = f"gateway {ROUND_TRIP * 1000:.0f} ms away"
RECIPIENT: Final = "notify.recipient_0"
ROW_FIRST: Final = (
    "an action that only writes a row before it, and lets two bare entities show it"
)

_TEXTS = count()


async def sends(run: Run) -> Sequence[Row]:
    """Compare what is added, each to a server that does as little as it can."""
    async with least_process() as url, house_of_comparison(run.folder) as hass:
        gateway = Gateway(url=url)
        await add_account_at(hass, gateway, recipients=1)
        phone = await ntfy_phone(hass, url)
        with written_rows(Path(hass.config.path("floor.db"))) as write_rows:
            times = await interleaved(
                {
                    "ours": our_action(hass, RECIPIENT),
                    "our bare": bare_post(hass, gateway),
                    "theirs": publish(hass, notify_entity(hass, phone)),
                    "their bare": bare_publish(hass, url),
                    "floor": await plain_action(hass, gateway, write_rows),
                },
                rounds=run.rounds,
                count=SENDS,
                timed=typical_seconds,
            )
    theirs = above(times["theirs"], times["their bare"])
    return [
        Row(
            measure="what send_message adds to the bare POST",
            against="what ntfy.publish adds to its own",
            found=ratios(above(times["ours"], times["our bare"]), theirs),
            limit=1.0,
            floor=Floor(
                what=ROW_FIRST,
                found=ratios(above(times["floor"], times["our bare"]), theirs),
            ),
        )
    ]


async def sends_far_away(run: Run) -> Sequence[Row]:
    """Compare the same, and one action to many, at the end of a long line."""
    async with (
        least_process() as url,
        line_process(url) as far_url,
        house_of_comparison(run.folder, Gateway(url=far_url)) as hass,
    ):
        gateway = Gateway(url=far_url)
        account = await add_account_at(hass, gateway, recipients=1)
        rest = rest_command(hass)
        with written_rows(Path(hass.config.path("floor.db"))) as write_rows:
            times = await interleaved(
                {
                    "ours": our_action(hass, RECIPIENT),
                    "bare": bare_post(hass, gateway),
                    "rest": rest,
                    "floor": await plain_action(hass, gateway, write_rows),
                },
                rounds=run.rounds,
                count=FAR_SENDS,
                timed=typical_seconds,
            )
            many = await interleaved(
                {
                    "ours": _to_many(hass, account, FAR_MANY),
                    "rest": _repeated(rest, FAR_MANY),
                    "floor": _bare_requests(hass, gateway, FAR_MANY, write_rows),
                },
                # Hundreds of actions one after the other take seconds.
                rounds=max(2, run.rounds // 2),
                count=1,
            )
    return [
        *(
            Row(
                measure=f"send_message, {FAR_AWAY}",
                against=against,
                found=ratios(times["ours"], times[name]),
                limit=1.03,
                floor=Floor(what=ROW_FIRST, found=ratios(times["floor"], times[name])),
            )
            for name, against in (("bare", "the bare POST"), ("rest", "rest_command"))
        ),
        Row(
            measure=f"one action, {FAR_MANY} recipients, {FAR_AWAY}",
            against=f"{FAR_MANY} rest_command",
            found=ratios(many["ours"], many["rest"]),
            limit=0.012,
            floor=Floor(
                what="the bare requests, after their rows",
                found=ratios(many["floor"], many["rest"]),
            ),
        ),
    ]


async def many_recipients(run: Run) -> Sequence[Row]:
    """Measure this process's own time for one action to many numbers."""
    async with least_process() as url, house_of_comparison(run.folder) as hass:
        gateway = Gateway(url=url)
        account = await add_account_at(hass, gateway, recipients=1)
        with written_rows(Path(hass.config.path("floor.db"))) as write_rows:
            times = await interleaved(
                {
                    "ours": _to_many(hass, account, MANY),
                    "floor": _bare_requests(hass, gateway, MANY, write_rows),
                },
                rounds=run.rounds,
                count=1,
                timed=own_seconds,
            )
    return [
        Row(
            measure=f"one action, {MANY} recipients: the house's own share",
            unit="µs a recipient",
            found=[taken / MANY * 1e6 for taken in times["ours"]],
            limit=15,
            floor=Floor(
                what="the bare requests, after their rows",
                found=[taken / MANY * 1e6 for taken in times["floor"]],
            ),
        )
    ]


def _action(hass: HomeAssistant, domain: str, name: str, **fields: str) -> Work:
    """Return a send by an action that answers."""

    async def work() -> None:
        await hass.services.async_call(
            domain,
            name,
            fields | {"message": f"Water! {next(_TEXTS)}"},
            blocking=True,
            return_response=True,
        )

    return work


def our_action(hass: HomeAssistant, entity_id: str) -> Work:
    """Return a send by the integration's action."""
    return _action(hass, "inteltele", "send_message", entity_id=entity_id)


def rest_command(hass: HomeAssistant) -> Work:
    """Return a send by Home Assistant's rest_command."""
    return _action(hass, "rest_command", "send", to="380670000000")


def bare_post(hass: HomeAssistant, gateway: Gateway) -> Work:
    """Return the same request, made directly."""
    post = _post(hass, gateway)
    return lambda: post("380670000000", f"Water! {next(_TEXTS)}")


async def plain_action(
    hass: HomeAssistant, gateway: Gateway, write_rows: Callable[[int], Any]
) -> Work:
    """Return the same request by an action that finds for whom it is, after a row.

    Two entities show it afterwards.
    """
    post = _post(hass, gateway)
    entities = await bare_entities(hass)

    async def send(call: ServiceCall) -> ServiceResponse:
        """Send, and return what the gateway says."""
        async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
        await write_rows(1)
        answer: ServiceResponse = await post("380670000000", call.data["message"])
        for entity in entities:
            hass.loop.call_soon(entity.show, call.data["message"])
        return answer

    hass.services.async_register(
        "bench",
        "send",
        send,
        vol.Schema({**cv.ENTITY_SERVICE_FIELDS, vol.Required("message"): cv.string}),
        SupportsResponse.OPTIONAL,
    )
    return _action(hass, "bench", "send", entity_id=RECIPIENT)


def _post(hass: HomeAssistant, gateway: Gateway) -> Callable[[str, str], Any]:
    """Return how a gateway is asked directly, in the least time."""
    session = async_get_clientsession(hass)
    url = f"{gateway.url}/im/send/"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    async def post(to: str, message: str) -> Any:
        """Ask, and return the answer."""
        form = {
            "username": gateway.username,
            "api_key": API_KEY,
            "to": to,
            "im_message": message,
            "im_ttl": "86400",
        }
        # aiohttp takes its time for a form, and next to none for bytes.
        body = urlencode(form).encode()
        async with session.post(url, data=body, headers=headers) as response:
            return json.loads(await response.read())

    return post


def _numbers(many: int) -> list[str]:
    """Return so many numbers."""
    return [f"+38050{number:07d}" for number in range(many)]


def _to_many(hass: HomeAssistant, account: ConfigEntry, many: int) -> Work:
    """Return a send to many numbers by one action."""
    to = _numbers(many)

    async def work() -> None:
        await call_action(
            hass,
            "inteltele.send_message",
            config_entry_id=account.entry_id,
            to=to,
            message=f"Water! {next(_TEXTS)}",
        )

    return work


def _bare_requests(
    hass: HomeAssistant,
    gateway: Gateway,
    many: int,
    write_rows: Callable[[int], Any],
) -> Work:
    """Return the same requests, side by side, after a row for each number."""
    post = _post(hass, gateway)
    requests = [
        ",".join(number.removeprefix("+") for number in batch)
        for batch in batched(_numbers(many), A_REQUEST, strict=False)
    ]

    async def work() -> None:
        await write_rows(many)
        text = f"Water! {next(_TEXTS)}"
        await asyncio.gather(*(post(numbers, text) for numbers in requests))

    return work


def _repeated(work: Work, many: int) -> Work:
    """Return some work, so many times."""

    async def repeat() -> None:
        for _ in range(many):
            await work()

    return repeat
