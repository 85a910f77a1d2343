"""Run the simulated gateway: python -m demo.simulated_gateway."""

import argparse
import asyncio
import signal
import sys

from .server import SimulatedGateway
from .settings import GatewaySettings

DEFAULT_PORT = 8180


def _arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="A simulated IntelTele gateway.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="an address of this machine"
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--username", default="demo")
    parser.add_argument("--api-key", default="demo-key")
    parser.add_argument("--report-url", help="where delivery reports go")
    parser.add_argument("--report-method", choices=("GET", "POST"), default="POST")
    parser.add_argument("--delivery-delay", type=float, default=1.5, help="seconds")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds in a real one"
    )
    parser.add_argument(
        "--contact",
        action="append",
        default=[],
        metavar="NUMBER=NAME",
        help="a name for a number on the phone page",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    """Serve until a signal comes."""
    gateway = SimulatedGateway(
        GatewaySettings(
            username=arguments.username,
            api_keys=(arguments.api_key,),
            report_url=arguments.report_url,
            report_method=arguments.report_method,
            delivery_delay=arguments.delivery_delay,
            speed=arguments.speed,
            contacts=dict(contact.split("=", 1) for contact in arguments.contact),
        )
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await gateway.start(arguments.host, arguments.port)
    print(f"Simulated gateway and phone: {gateway.url}", flush=True)
    await stopped.wait()
    await gateway.stop()


def main() -> None:
    """Run, or say why not."""
    try:
        asyncio.run(_run(_arguments()))
    except (ValueError, OSError) as err:
        sys.exit(f"simulated gateway: {err}")


if __name__ == "__main__":
    main()
