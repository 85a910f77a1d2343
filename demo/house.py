"""A real Home Assistant in a process of its own, and what a person would do in it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import shutil
import signal
import sys
from typing import Any, Final, Self

import aiohttp

from .ports import HOST
from .storage import store_http, store_onboarding

REPOSITORY: Final = Path(__file__).parents[1]
CONFIG: Final = Path(__file__).parent / "config"
START_TIMEOUT: Final = 120.0
STOP_TIMEOUT: Final = 30.0
PAUSE: Final = 0.1
AWAY: Final = "unavailable"
USERNAME: Final = "demo"
PASSWORD: Final = "demo"  # noqa: S105 - it is printed for everyone to see


class HouseError(Exception):
    """Home Assistant did not do what was asked; the text says what."""


class House:
    """A house in a folder, on a port of this machine, with the integration in it."""

    def __init__(self, folder: Path, port: int) -> None:
        """Prepare the house's folder."""
        self.folder = folder
        self.url = f"http://{HOST}:{port}"
        self.environment: dict[str, str] = {}
        self._token = ""
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        folder.mkdir(parents=True, exist_ok=True)
        template = (CONFIG / "configuration.yaml").read_text()
        (folder / "configuration.yaml").write_text(template.format(port=port))
        (folder / "automations.yaml").touch()
        self._porch = folder / "media" / "porch.jpg"
        self._porch.parent.mkdir(exist_ok=True)
        shutil.copyfile(CONFIG / "porch.jpg", self._porch)
        store_onboarding(folder)
        store_http(folder, port)
        blueprints = Path("blueprints", "automation", "inteltele")
        # Home Assistant does not look for them behind links.
        shutil.copytree(
            REPOSITORY / blueprints, folder / blueprints, dirs_exist_ok=True
        )
        components = folder / "custom_components"
        if not components.is_symlink():
            components.symlink_to(REPOSITORY / "custom_components")

    async def __aenter__(self) -> Self:
        """Start the house."""
        try:
            await self.start()
        except HouseError:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the house."""
        await self.stop()

    @property
    def log(self) -> str:
        """Return what Home Assistant wrote since the house was built."""
        path = self.folder / "hass.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stored(self, name: str) -> str:
        """Return one of Home Assistant's own files, nothing before it was written."""
        path = self.folder / ".storage" / name
        return path.read_text() if path.exists() else ""

    async def start(self) -> None:
        """Start Home Assistant and wait until it answers."""
        with (self.folder / "hass.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "homeassistant", "--config", str(self.folder)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.environment,
                # Ctrl-C reaches us, and we stop it in good order.
                start_new_session=True,
            )
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(START_TIMEOUT):
                while not await self._answers():
                    if self._process.returncode is not None:
                        raise HouseError("Home Assistant ended while it started.")
                    await asyncio.sleep(PAUSE)
        except TimeoutError as err:
            raise HouseError("Home Assistant did not start in time.") from err

    async def stop(self) -> None:
        """Stop Home Assistant in good order."""
        await self._end(signal.SIGTERM)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def kill(self) -> None:
        """End Home Assistant as a power cut would."""
        await self._end(signal.SIGKILL)

    async def onboard(self) -> None:
        """Create the first user, and wait until automations run."""
        created = await self.request(
            "POST",
            "/api/onboarding/users",
            {
                "client_id": f"{self.url}/",
                "name": "Demo",
                "username": USERNAME,
                "password": PASSWORD,
                "language": "en",
            },
        )
        await self._log_in(created["auth_code"])
        await self.wait_until_running()

    async def stay_logged_in(self) -> None:
        """Take a token that works for years, whatever the clock says."""
        self._token = await self.command(
            "auth/long_lived_access_token", client_name="Demo", lifespan=3650
        )

    async def add_camera(self) -> None:
        """Hang a camera over the porch; it shows a file."""
        flow = await self.start_flow("local_file")
        await self.submit(flow, file_path=str(self._porch))

    async def wait_until_running(self) -> None:
        """Wait until everything that the house holds is set up."""
        async with asyncio.timeout(START_TIMEOUT):
            while (await self.request("GET", "/api/config"))["state"] != "RUNNING":
                await asyncio.sleep(PAUSE)

    async def wait_until_there(self, *entity_ids: str) -> None:
        """Wait until entities are set up, which what was entered leads to."""
        async with asyncio.timeout(START_TIMEOUT):
            while True:
                states = {
                    state["entity_id"]: state["state"]
                    for state in await self.request("GET", "/api/states")
                }
                if all(states.get(known, AWAY) != AWAY for known in entity_ids):
                    return
                await asyncio.sleep(PAUSE)

    async def request(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> Any:
        """Ask Home Assistant's REST API; raises HouseError with its words."""
        assert self._session is not None  # noqa: S101 - a house is started first
        async with self._session.request(
            method,
            f"{self.url}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"} if self._token else {},
        ) as response:
            if not response.ok:
                raise HouseError(await response.text())
            return await response.json()

    async def start_flow(self, handler: str) -> dict[str, Any]:
        """Open the form that sets up an integration."""
        return await self._flow("", {"handler": handler})

    async def submit(self, flow: dict[str, Any], **entered: Any) -> dict[str, Any]:
        """Submit a form of a set-up."""
        return await self._flow(f"/{flow['flow_id']}", entered)

    async def start_recipient(self, entry_id: str) -> dict[str, Any]:
        """Open the form for a recipient."""
        return await self._flow(
            "", {"handler": [entry_id, "recipient"]}, kind="subentries/flow"
        )

    async def submit_recipient(
        self, flow: dict[str, Any], **entered: Any
    ) -> dict[str, Any]:
        """Submit a form of a recipient."""
        return await self._flow(f"/{flow['flow_id']}", entered, kind="subentries/flow")

    async def call(self, action: str, **data: Any) -> dict[str, Any]:
        """Call an action and return its response."""
        path = f"/api/services/{action.replace('.', '/')}?return_response"
        return dict((await self.request("POST", path, data))["service_response"])

    def begin(self, action: str, **data: Any) -> asyncio.Task[dict[str, Any]]:
        """Call an action that takes its time, and return what will be its response."""
        return asyncio.create_task(self.call(action, **data))

    async def act(self, action: str, **data: Any) -> None:
        """Call an action without a response."""
        await self.request("POST", f"/api/services/{action.replace('.', '/')}", data)

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's state."""
        return dict(await self.request("GET", f"/api/states/{entity_id}"))

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send one command of the websocket API and return its result."""
        async with self._websocket() as socket:
            return await _command(socket, {"type": kind, **fields})

    @asynccontextmanager
    async def events(self, event_type: str) -> AsyncGenerator[asyncio.Queue[Any]]:
        """Listen to events of a type while the context lasts."""
        heard: asyncio.Queue[Any] = asyncio.Queue()
        async with self._websocket() as socket:
            await _command(
                socket, {"type": "subscribe_events", "event_type": event_type}
            )

            async def listen() -> None:
                async for message in socket:
                    heard.put_nowait(message.json()["event"])

            listening = asyncio.create_task(listen())
            try:
                yield heard
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening

    @asynccontextmanager
    async def _websocket(self) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
        """Open the websocket API."""
        assert self._session is not None  # noqa: S101 - a house is started first
        async with self._session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            yield socket

    async def _answers(self) -> bool:
        """Return whether Home Assistant is up, for a new user or for a known one."""
        try:
            await self.request(
                "GET", "/api/config" if self._token else "/api/onboarding"
            )
        except aiohttp.ClientError, HouseError:
            return False
        return True

    async def _log_in(self, code: str) -> None:
        """Trade a code for a token."""
        assert self._session is not None  # noqa: S101 - a house is started first
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": f"{self.url}/",
        }
        async with self._session.post(f"{self.url}/auth/token", data=form) as response:
            self._token = (await response.json())["access_token"]

    async def _flow(
        self, path: str, body: dict[str, Any], kind: str = "flow"
    ) -> dict[str, Any]:
        """Take a step in a flow."""
        base = "/api/config/config_entries"
        return dict(await self.request("POST", f"{base}/{kind}{path}", body))

    async def _end(self, number: signal.Signals) -> None:
        """End the process by a signal, and by force where that does not help."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(number)
        try:
            async with asyncio.timeout(STOP_TIMEOUT):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def _command(
    socket: aiohttp.ClientWebSocketResponse, command: dict[str, Any]
) -> Any:
    """Send one command and return its result; raises HouseError where refused."""
    await socket.send_json({"id": 1, **command})
    answer = await socket.receive_json()
    if not answer["success"]:
        raise HouseError(answer["error"]["message"])
    return answer["result"]
