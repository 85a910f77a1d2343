"""What must stay in the house: looked for everywhere where somebody may read it."""

from collections.abc import Iterable, Mapping
from io import BytesIO
import json
import re
from typing import Any, Final

from homeassistant.components.trace.const import DATA_TRACE
from homeassistant.helpers import device_registry as dr
from PIL import Image
from yarl import URL

from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from custom_components.inteltele.system_health import async_system_health

from .place import API_KEY, OLENA, Place, listening
from .servers import reflecting, server

NUMBER: Final = re.compile(r"380[0-9]{9}")
MARKUP: Final = re.compile(r"[<>\[\]`\n]|\*\*")
_TOKEN: Final = re.compile(r"/([A-Za-z0-9_-]{22})(?:[./]|$)")
_EVIL: Final = (
    "error: <img src=x onerror=alert(1)> [click](https://evil.example) **bold** `code` "
    "\r\n2026-01-01 ERROR (MainThread) [custom_components.inteltele] forged line\u202e"
)


async def lying_gateway(place: Place) -> None:
    """Talk to a gateway that throws back what it was sent, with markup around it."""
    figures = place.figures
    first = len(place.heard_errors)

    def per_number(asked: str) -> bytes:
        number = next(iter(re.findall(r"to=(\d+)", asked)), "")
        status = f"error: {asked} {_EVIL}"
        return json.dumps({"reply": [{"number": number, "status": status}]}).encode()

    def whole(asked: str) -> bytes:
        return json.dumps({"reply": [{"status": f"error: {asked} {_EVIL}"}]}).encode()

    def flagged(asked: str) -> bytes:
        return json.dumps({"error": True, "message": f"{_EVIL} {asked}"}).encode()

    def page(asked: str) -> bytes:
        return f"<h1>Not found: {asked}</h1>{_EVIL}".encode()

    def short(asked: str) -> bytes:
        said = " ".join(re.findall(r"(?:api_key|to|username)=([^&]+)", asked))
        return json.dumps({"reply": [{"status": f"error: {said}"}]}).encode()

    for reply in (per_number, whole, flagged, page, short):
        async with server(reflecting(reply)) as heard:
            await place.point_at(heard.url)
            await place.send()
            figures.at_least(
                f"requests answered so: {reply.__name__}", heard.key_seen, 1
            )
    await place.point_at(place.gateway.url)
    errors = place.heard_errors[first:]
    figures.at_least("errors told to the user", len(errors), 5)
    figures.none_of(
        "of them with markup or a line break", (e for e in errors if MARKUP.search(e))
    )
    figures.none_of("of them with the API key", (e for e in errors if API_KEY in e))
    figures.none_of(
        "of them with a whole number", (e for e in errors if NUMBER.search(e))
    )
    forged = (
        line for line in place.log.found(["forged line"]) if "forged" in line[:60]
    )
    figures.none_of("lines forged into the log", forged)


async def secrets(place: Place) -> None:
    """Make secrets of every kind, use them, and look for them everywhere."""
    figures, gateway = place.figures, place.gateway
    await _use_secrets(place)
    messages = gateway.messages
    links = [text for m in messages for text in (m.button_link, m.image) if text]
    tokens = {token for link in links for token in _TOKEN.findall(URL(link).path)}
    webhook_id = place.entry.data["webhook_id"]
    wanted = {API_KEY, webhook_id, *tokens}
    figures.at_least("secrets looked for", len(wanted), 6)
    figures.at_least("lines of our loggers looked at", place.log.lines, 10)
    readable = await _readable(place)
    for name, texts in readable.items():
        whole = "\n".join(texts)
        figures.at_least(f"characters looked at: {name}", len(whole), 1)
        figures.none_of(
            f"secrets found: {name}", (secret for secret in wanted if secret in whole)
        )
    for name in ("our log", "errors told", "diagnostics", "system health", "states"):
        figures.none_of(
            f"whole numbers found: {name}",
            NUMBER.findall("\n".join(readable[name])),
        )


async def _use_secrets(place: Place) -> None:
    """Send links and pictures, open and press them, and let automations run."""
    hass, gateway = place.hass, place.gateway
    gateway.messages.clear()
    file = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(file, "JPEG")
    path = place.folder / "house" / "media" / "porch.jpg"
    await hass.async_add_executor_job(path.write_bytes, file.getvalue())
    picture = {"media_content_id": "media-source://media_source/local/porch.jpg"}
    button = {"button_text": "Open", "button_action": "open"}
    async with listening(hass, "inteltele_button_pressed") as presses:
        await place.send(media=picture)
        await place.send(**button, entity_id="notify.olena", to=[OLENA])
        await place.send(**button, media=picture)
        hass.bus.async_fire("escalate", {"text": place.text()})
        await place.settle()
        # One waits for a while, with its link.
        port = await place.lose_the_gateway()
        await place.send(**button, retry_for={"minutes": 30})
        await gateway.start(port=port)
        for _ in range(4):
            await place.advance(15)
        for message in list(gateway.messages):
            for link in (message.image, message.button_link):
                if link and link.startswith(place.url):
                    async with place.session.get(link) as response:
                        response.raise_for_status()
            if message.button_text == "Open" and "/a/" in (message.button_link or ""):
                await place.session.post(
                    message.button_link or "", data={"answer": "0"}
                )
        await gateway.delivery.settle()
        await place.settle()
        place.figures.at_least("answers given", len(presses), 2)


async def _readable(place: Place) -> Mapping[str, Iterable[str]]:
    """Return everything that somebody may read, as text."""
    hass, entry = place.hass, place.entry
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    diagnostics: list[Any] = [await async_get_config_entry_diagnostics(hass, entry)]
    diagnostics += [
        await async_get_device_diagnostics(hass, entry, device) for device in devices
    ]
    traces = [
        json.dumps(trace.as_extended_dict(), default=str)
        for kept in hass.data[DATA_TRACE].values()
        for trace in kept.all_traces()
    ]
    states = [str(state.as_dict()) for state in hass.states.async_all()]
    health = json.dumps(await async_system_health(hass), default=str)
    # A link that waits must be in the file; once the account is closed, none is.
    ledger = ledger_path(hass, entry.entry_id)
    await place.disable()
    kept = [
        path.read_bytes().decode("latin-1")
        for path in ledger.parent.glob(f"{ledger.name}*")
        if path.is_file()
    ]
    await place.enable()
    return {
        "our log": [*place.log.found([""])],
        "errors told": place.heard_errors,
        "diagnostics": [json.dumps(item, default=str) for item in diagnostics],
        "system health": [health],
        "states": states,
        "events": place.events(),
        "traces": traces,
        "ledger": kept,
    }
