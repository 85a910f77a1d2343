"""Asking what became of messages, in as few requests as the gateway lets pass."""

from collections.abc import Sequence
from itertools import batched
from typing import Final

from . import replies
from .connection import Connection
from .errors import GatewayError, InvalidResponseError, RefusedError
from .reasons import ErrorReason
from .receipts import DeliveryReceipt, receipt
from .time_zones import time_zone

MAX_STATUS_IDS: Final = 50


class Statuses:
    """One place of the gateway where states are asked for."""

    def __init__(self, connection: Connection, path: str) -> None:
        """Ask at a path of the gateway."""
        self._connection = connection
        self._path = path
        self._takes_batches = True

    async def of(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return what the gateway knows of messages, by id; unknown ids are missing.

        Asks in batches, and one by one for those that a batch leaves out, because the
        documentation does not say whether several may be asked for at once. What was
        found counts, whatever failed after it or beside it.
        """
        found: dict[str, DeliveryReceipt] = {}
        try:
            if self._takes_batches and len(message_ids) > 1:
                for batch in batched(message_ids, MAX_STATUS_IDS, strict=False):
                    found |= await self._of_batch(batch)
            await self._add_single(found, message_ids)
        except GatewayError:
            if not found:
                raise
        return found

    async def _of_batch(self, batch: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return the states of a batch, none where several cannot be asked for."""
        try:
            found = await self._ask(batch)
        except InvalidResponseError:
            found = {}
        except RefusedError as err:
            if is_of_all(err):
                raise
            found = {}
        if len(batch) > 1 and len(found) < len(batch):
            self._takes_batches = len(found) > 1
        return found

    async def _add_single(
        self, found: dict[str, DeliveryReceipt], message_ids: Sequence[str]
    ) -> None:
        """Ask one by one for what was not found; an id may be refused alone."""
        refused: GatewayError | None = None
        for message_id in message_ids:
            if message_id in found:
                continue
            try:
                found |= await self._ask((message_id,))
            except (InvalidResponseError, RefusedError) as err:
                # Where nothing else was answered, it is most likely not about the id.
                if is_of_all(err) or (refused is not None and not found):
                    raise
                refused = err
        if refused is not None:
            raise refused

    async def _ask(self, message_ids: Sequence[str]) -> dict[str, DeliveryReceipt]:
        """Return the states that one request answers."""
        parameters = {
            "requests": ",".join(message_ids),
            "timezone": "UTC",
            "timeformat": "datetime",
        }
        states = await self._connection.ask(self._path, replies.states, parameters)
        return {
            message_id: receipt(
                message_id,
                state.status,
                state.date,
                # Whatever was asked for.
                await time_zone(state.zone),
            )
            for message_id in message_ids
            if (state := states.get(message_id.lower())) is not None
        }


def is_of_all(err: GatewayError) -> bool:
    """Return whether a refusal would be the same for any other id."""
    return err.reason.retryable or err.reason is ErrorReason.INVALID_AUTH
