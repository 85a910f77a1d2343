"""For people and other processes: the phone page, its live view, and the controls."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
import json
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from .delivery import is_loopback
from .settings import update
from .state import GatewayState

PAGE: Final = Path(__file__).parent / "phone"
FILES: Final = {
    "/": "index.html",
    "/phone": "index.html",
    "/phone.css": "phone.css",
    "/phone.js": "phone.js",
    "/icon.jpg": "icon.jpg",
}
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src http: https:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SHOWN_REQUESTS: Final = 200
KEEP_ALIVE: Final = 15.0


@web.middleware
async def refuse_foreign_hosts(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    """Refuse requests by another name, with which a page elsewhere could get in."""
    if not is_loopback(request.url.host or ""):
        raise web.HTTPForbidden(text="Only by a name of this machine.")
    return await handler(request)


def add_routes(app: web.Application, gateway: GatewayState) -> None:
    """Add the page and the controls to a server."""

    async def page(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / FILES[request.path], headers=SECURITY_HEADERS)

    async def state(_: web.Request) -> web.Response:
        return web.json_response(snapshot(gateway))

    async def live(request: web.Request) -> web.StreamResponse:
        return await _live(gateway, request)

    async def settings(request: web.Request) -> web.Response:
        try:
            update(gateway.settings, await _json(request))
        except (ValueError, TypeError, ArithmeticError) as err:
            raise web.HTTPBadRequest(text=str(err)) from err
        gateway.changed()
        return web.json_response(snapshot(gateway))

    async def reset(request: web.Request) -> web.Response:
        _require_header(request)
        gateway.reset()
        return web.json_response(snapshot(gateway))

    async def report(request: web.Request) -> web.Response:
        wanted = await _json(request)
        moment = wanted.get("reported_at")
        status = await gateway.report(
            wanted["message_id"],
            wanted["status"],
            datetime.fromisoformat(moment) if moment else None,
        )
        return web.json_response({"http_status": status})

    for path in FILES:
        app.router.add_get(path, page)
    app.router.add_get("/demo/state", state)
    app.router.add_get("/demo/live", live)
    app.router.add_post("/demo/settings", settings)
    app.router.add_post("/demo/phone", partial(_switch, gateway))
    app.router.add_post("/demo/reset", reset)
    app.router.add_post("/demo/report", report)


def snapshot(gateway: GatewayState) -> dict[str, Any]:
    """Return all there is to see, without keys."""
    settings = asdict(gateway.settings)
    del settings["api_keys"]
    return {
        "settings": settings
        | {"balance": str(settings["balance"]), "credit": str(settings["credit"])},
        "balance": str(gateway.settings.balance),
        "request_counts": dict(Counter(item.path for item in gateway.requests)),
        "requests": [
            {
                "path": item.path,
                "method": item.method,
                "parameters": item.parameters,
                "received_at": item.received_at.isoformat(),
            }
            for item in gateway.requests[-SHOWN_REQUESTS:]
        ],
        "messages": [message.as_json() for message in gateway.messages],
        "phones": gateway.phones.as_json(
            *gateway.settings.contacts,
            *(message.number for message in gateway.messages),
        ),
    }


async def _live(gateway: GatewayState, request: web.Request) -> web.StreamResponse:
    """Send what there is to see at each change, as server-sent events."""
    response = web.StreamResponse(
        headers={**SECURITY_HEADERS, "Content-Type": "text/event-stream"}
    )
    await response.prepare(request)
    changed = asyncio.Event()
    gateway.listeners.add(changed)
    try:
        while request.transport is not None and not request.transport.is_closing():
            changed.clear()
            text = json.dumps(snapshot(gateway))
            await response.write(f"data: {text}\n\n".encode())
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    await changed.wait()
            except TimeoutError:
                continue
    except ConnectionError:
        pass
    finally:
        gateway.listeners.discard(changed)
    return response


async def _switch(gateway: GatewayState, request: web.Request) -> web.Response:
    """Switch something on a phone, by its number and the names of the switches."""
    wanted = await _json(request)
    number = wanted.pop("number", None)
    try:
        gateway.phones.switch(str(number), **wanted)
    except ValueError as err:
        raise web.HTTPBadRequest(text=str(err)) from err
    return web.json_response(snapshot(gateway))


async def _json(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that a control request holds."""
    _require_header(request)
    wanted = await request.json()
    if not isinstance(wanted, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return wanted


def _require_header(request: web.Request) -> None:
    """Refuse what a page elsewhere could have a browser post."""
    if request.headers.get("X-Demo") != "1":
        raise web.HTTPForbidden(text="Send the header X-Demo: 1.")
