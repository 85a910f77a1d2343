"""A gateway on this machine that speaks the provider's API, for tests and the demo."""

from .messages import ReceivedRequest, SimulatedMessage
from .server import SimulatedGateway
from .settings import GatewaySettings, Misbehaviour

__all__ = [
    "GatewaySettings",
    "Misbehaviour",
    "ReceivedRequest",
    "SimulatedGateway",
    "SimulatedMessage",
]
