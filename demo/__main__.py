"""The demo: a house, and the phones of its people."""

import argparse
import asyncio
from pathlib import Path
import shutil
import signal
import sys
from typing import Any, Final

import yaml

from .house import CONFIG, PASSWORD, REPOSITORY, USERNAME, House, HouseError
from .past import remember_week
from .ports import is_taken
from .simulated_gateway import GatewaySettings, SimulatedGateway
from .simulated_gateway.delivery import is_loopback

API_KEY: Final = "demo-key"
OLENA: Final = "+380671112233"
PETRO: Final = "+380671112911"
DASHBOARD: Final = "demo-house"
DELIVERY_DELAY: Final = 1.5
TIME_FOR_EVERYTHING: Final = 150.0
TAIL: Final = 30


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="end after the first delivery report"
    )
    parser.add_argument("--host", default="127.0.0.1", help="only this machine")
    parser.add_argument("--gateway-port", type=int, default=8180)
    parser.add_argument("--home-assistant-port", type=int, default=8123)
    parser.add_argument(
        "--folder",
        type=Path,
        default=REPOSITORY / "demo" / ".run",
        help="where the house lives; made anew at each start",
    )
    return parser.parse_args()


def say(words: str) -> None:
    """Tell the person at the terminal."""
    print(words, flush=True)


def check_ports(*ports: int) -> None:
    """Raise HouseError where a port is taken."""
    for port in ports:
        if is_taken(port):
            raise HouseError(
                f"Port {port} is taken. Choose others with --gateway-port and "
                "--home-assistant-port."
            )


async def set_up(house: House, gateway: SimulatedGateway) -> None:
    """Do what a new user does: account, recipients, receipts, dashboard."""
    flow = await house.start_flow("inteltele")
    flow = await house.submit(
        flow,
        username=gateway.settings.username,
        api_key=API_KEY,
        currency="UAH",
        connection={"url": gateway.url},
    )
    if flow["step_id"] != "insecure":
        raise HouseError(f"The account was not set up: {flow}")
    flow = await house.submit(flow, next_step_id="unencrypted")
    gateway.settings.report_url = flow["description_placeholders"]["report_url"]
    say("  account      set up, over plain HTTP after the question whether to")
    recipient: dict[str, Any] = {"flow_id": flow["next_flow"][1]}
    entry_id = flow["result"]["entry_id"]
    await house.submit_recipient(
        recipient, name="Olena", phone=OLENA, sms_fallback=False, test=False
    )
    recipient = await house.start_recipient(entry_id)
    await house.submit_recipient(
        recipient,
        name="Petro",
        phone=PETRO,
        sms_fallback=True,
        sms_sender="MyHouse",
        test=False,
    )
    await house.wait_until_there("camera.porch", "notify.olena", "notify.petro")
    say("  recipients   Olena, and Petro who has no Viber and gets SMS")
    await remember_week(house)
    text = (CONFIG / "dashboard.yaml").read_text().replace("{gateway}", gateway.url)
    await house.command(
        "lovelace/dashboards/create",
        url_path=DASHBOARD,
        title="Demo house",
        icon="mdi:message-processing-outline",
        mode="storage",
    )
    await house.command(
        "lovelace/config/save", url_path=DASHBOARD, config=yaml.safe_load(text)
    )
    await house.command(
        "frontend/set_user_data", key="core", value={"default_panel": DASHBOARD}
    )


async def send_first_message(house: House) -> None:
    """Ring the doorbell and tell what becomes of the messages."""
    async with (
        house.events("inteltele_delivery_status") as receipts,
        house.events("state_changed") as changes,
    ):
        await house.act("input_button.press", entity_id="input_button.doorbell")
        sent: set[str] = set()
        while len(sent) < len({OLENA, PETRO}):
            change = (await changes.get())["data"]
            state = change["new_state"] or {}
            attributes = state.get("attributes", {})
            if attributes.get("event_type") == "sent":
                sent.add(change["entity_id"])
                say(f"  {attributes['friendly_name'].split()[0]:<12} sent")
        for _ in sent:
            receipt = (await receipts.get())["data"]
            say(
                f"  {receipt['recipient']:<12} {receipt['status']} after "
                f"{receipt['seconds']} s"
            )


async def show(chosen: argparse.Namespace, gateway: SimulatedGateway) -> None:
    """Start everything, send the first message, and go on until stopped."""
    await asyncio.to_thread(shutil.rmtree, chosen.folder, ignore_errors=True)
    house = House(chosen.folder, chosen.home_assistant_port)
    try:
        async with asyncio.timeout(TIME_FOR_EVERYTHING):
            say("Starting Home Assistant; the first start takes a little longer.")
            await house.start()
            await house.onboard()
            await house.add_camera()
            say("Setting up, as a new user does:")
            await set_up(house, gateway)
            say("Ringing the doorbell:")
            await send_first_message(house)
        say("")
        say(f"Home Assistant   {house.url}/{DASHBOARD}")
        say(f"                 user {USERNAME}, password {PASSWORD}")
        say(f"Phone            {gateway.url}")
        if not chosen.once:
            say("\nRing the doorbell again, or raise an alarm. Ctrl-C ends the demo.")
            await asyncio.Event().wait()
    except (HouseError, TimeoutError) as err:
        tail = "\n".join(house.log.splitlines()[-TAIL:])
        reason = str(err) or "No delivery report came in time."
        raise HouseError(
            f"{reason}\n\nThe end of Home Assistant's log:\n{tail}"
        ) from err
    finally:
        await house.stop()


async def run(chosen: argparse.Namespace) -> None:
    """Run the demo until it ends or is stopped."""
    if not is_loopback(chosen.host):
        raise HouseError(f"The demo stays on this machine; {chosen.host} is not on it.")
    check_ports(chosen.gateway_port, chosen.home_assistant_port)
    settings = GatewaySettings(
        api_keys=(API_KEY,),
        contacts={OLENA: "Olena", PETRO: "Petro"},
        delivery_delay=DELIVERY_DELAY,
    )
    gateway = SimulatedGateway(settings)
    await gateway.start(chosen.host, chosen.gateway_port)
    say(f"The simulated gateway and its phone are at {gateway.url}")
    demo = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, demo.cancel if demo else loop.stop)
    try:
        await show(chosen, gateway)
    finally:
        await gateway.stop()


def main() -> None:
    """Run, and say what went wrong where something did."""
    try:
        asyncio.run(run(arguments()))
    except HouseError as err:
        sys.exit(f"demo: {err}")
    except asyncio.CancelledError, KeyboardInterrupt:
        say("\nStopped.")


if __name__ == "__main__":
    main()
