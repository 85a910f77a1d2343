"""One HTTP request to the API, answered as well or badly as asked for."""

import json
from typing import Any, Final

from aiohttp import web

from .api import answer
from .messages import ReceivedRequest
from .refusals import PARAMETERS, SENDS, Refusal
from .settings import Misbehaviour
from .state import GatewayState

PATHS: Final = tuple(PARAMETERS)
OVERSIZED: Final = 8 * 1024 * 1024
_HTML: Final = "<br />\n<b>Fatal error</b>: Out of memory in <b>send.php</b><br />"
_PAGE: Final = "<!doctype html><title>Sign in</title><h1>Sign in to the hotspot</h1>"


async def handle(gateway: GatewayState, request: web.Request) -> web.StreamResponse:
    """Answer an API request."""
    form = await request.post() if request.method == "POST" else request.query
    parameters = {name: str(value) for name, value in form.items()}
    api_key = parameters.pop("api_key", None)
    gateway.requests.append(
        ReceivedRequest(
            path=request.path,
            method=request.method,
            parameters=parameters,
            had_key=api_key is not None,
            received_at=gateway.clock(),
        )
    )
    misbehaviour = gateway.settings.misbehaviour.drawn_for(request.path)
    await gateway.pause(misbehaviour.delay)
    if misbehaviour.cut_off == "before_work":
        return _cut_off(request)
    if misbehaviour.router_page:
        return web.Response(
            status=misbehaviour.router_page, text=_PAGE, content_type="text/html"
        )
    if misbehaviour.redirect_to:
        return web.Response(status=302, headers={"Location": misbehaviour.redirect_to})
    if not_here := _not_here(request, misbehaviour):
        return not_here
    status = 200
    try:
        gateway.doorkeeper.check(
            request.remote or "",
            parameters.get("username"),
            api_key,
            gateway.clock(),
        )
        reply = await answer(gateway, request.path, parameters, misbehaviour)
    except Refusal as refusal:
        reply = refusal.reply(request.path, misbehaviour.error_shape)
        status = misbehaviour.error_http_status
    if misbehaviour.cut_off == "after_work":
        return _cut_off(request)
    return await _written(gateway, request, reply, status, misbehaviour)


def _not_here(request: web.Request, misbehaviour: Misbehaviour) -> web.Response | None:
    """Return the answer of a page that is not there, None where it is."""
    if request.method == "POST" and request.path in SENDS and misbehaviour.get_only:
        return web.Response(status=misbehaviour.get_only, text="Not here")
    if request.path != "/message/status/":
        return None
    match misbehaviour.sms_status:
        case "not_found":
            return web.Response(status=404, text="Not here")
        case "page":
            return web.Response(status=404, text=_PAGE, content_type="text/html")
        case "redirect":
            return web.Response(status=302, headers={"Location": "/"})
        case _:
            return None


async def _written(
    gateway: GatewayState,
    request: web.Request,
    reply: dict[str, Any],
    status: int,
    misbehaviour: Misbehaviour,
) -> web.StreamResponse:
    """Return a reply as a response."""
    if misbehaviour.server_error:
        return web.Response(status=misbehaviour.server_error, text="Internal error")
    if misbehaviour.html_body:
        return web.Response(text=_HTML, content_type="text/html")
    if misbehaviour.oversized_body:
        return web.Response(body=b"[" + b" " * OVERSIZED + b"]")
    text = _single_quoted(reply) if misbehaviour.single_quotes else json.dumps(reply)
    if not misbehaviour.drip:
        return web.Response(
            text=text, status=status, content_type=misbehaviour.content_type
        )
    response = web.StreamResponse(status=status)
    await response.prepare(request)
    for byte in text.encode():
        if request.transport is None or request.transport.is_closing():
            break
        await response.write(bytes([byte]))
        await gateway.pause(misbehaviour.drip)
    return response


def _cut_off(request: web.Request) -> web.Response:
    """Close the connection without a reply."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _single_quoted(value: object) -> str:
    """Return a value as the provider's page prints replies."""
    match value:
        case dict():
            items = (
                f"{_single_quoted(name)}: {_single_quoted(item)}"
                for name, item in value.items()
            )
            return f"{{{', '.join(items)}}}"
        case list():
            return f"[{', '.join(map(_single_quoted, value))}]"
        case str():
            return repr(value)
        case _:
            return json.dumps(value)
