"""Sending: everyone is tried, and nobody gets a message twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import batched
import time
from typing import Final

from ..gateway import (
    MAX_NUMBERS,
    ErrorReason,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
    MessageContent,
    NoAnswerError,
    SendResult,
)
from .compose import Composed, Notice, Plan, Recipient
from .messages import SentMessage

# The gateway refuses repetitions for a minute. Within it, repeating a request whose
# answer was lost cannot deliver twice, and tells whether the first one had arrived.
REPEAT_WINDOW: Final = 60.0
LATEST_REPETITION: Final = 50.0
PAUSE_BEFORE_REPETITION: Final = 2.0


class SendStatus(StrEnum):
    """What became of an attempt to send."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a message to one recipient.

    `message_id` is None for a sent message only where the gateway took it without our
    hearing its answer. `cost` is in the account's currency. `error` is set unless the
    message was sent, `words` are the gateway's own of an error it does not document.
    """

    recipient: Recipient
    status: SendStatus
    sent_at: datetime
    message_id: str | None = None
    cost: Decimal | None = None
    country: str | None = None
    sms_parts: int | None = None
    error: ErrorReason | None = None
    words: str | None = None
    notices: frozenset[Notice] = field(default_factory=frozenset)


@dataclass(slots=True)
class _Attempt:
    """What one request, with its repetition, told about its numbers."""

    results: dict[str, SendResult]
    error: ErrorReason
    words: str | None = None
    unknown: bool = False
    repeated: bool = False


class Sender:
    """Sends messages of one account.

    `record` remembers what the gateway took, and `on_sent` hears of each sent message.
    """

    def __init__(
        self,
        client: GatewayClient,
        *,
        record: Callable[[Sequence[SentMessage]], None],
        now: Callable[[], datetime],
        on_sent: Callable[[Outcome], None] = lambda _: None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Bind the sender to a gateway client."""
        self._client = client
        self._record = record
        self._now = now
        self._on_sent = on_sent
        self._monotonic = monotonic
        self._sleep = sleep
        self._last_requests: dict[str, float] = {}

    async def send(self, plan: Plan) -> list[Outcome]:
        """Send to every recipient of a plan and return what became of each.

        Recipients with the same content share requests of up to 100 numbers. Nothing
        is raised for a failure: everyone is tried, and the outcomes tell.
        """
        outcomes: list[Outcome] = []
        for composed, recipients in plan.items():
            for batch in batched(recipients, MAX_NUMBERS, strict=False):
                outcomes += await self._send_batch(composed, batch)
        return outcomes

    async def _send_batch(
        self, composed: Composed, recipients: Sequence[Recipient]
    ) -> list[Outcome]:
        """Send one request and record what the gateway took."""
        numbers = [recipient.number for recipient in recipients]
        sent_at = self._now()
        attempt = await self._attempt(composed.content, numbers)
        outcomes = [
            self._outcome(composed, recipient, attempt, sent_at)
            for recipient in recipients
        ]
        for outcome in outcomes:
            if outcome.status is SendStatus.SENT:
                # Told first: a receipt may have been waiting for the record.
                self._on_sent(outcome)
        self._record(
            [
                SentMessage(
                    message_id=outcome.message_id,
                    number=outcome.recipient.number,
                    recipient=outcome.recipient.name,
                    sent_at=sent_at,
                    ttl=composed.content.ttl,
                    cost=outcome.cost,
                    country=outcome.country,
                    text=composed.content.message,
                )
                for outcome in outcomes
                if outcome.message_id is not None
            ]
        )
        return outcomes

    async def _attempt(
        self, content: MessageContent, numbers: Sequence[str]
    ) -> _Attempt:
        """Ask the gateway to send, once more where its answer was lost."""
        started = self._monotonic()
        busy = self._recently_sent_to(started)
        self._last_requests |= dict.fromkeys(numbers, started)
        try:
            return _answered(await self._client.send(content, numbers))
        except NoAnswerError:
            unknown = _Attempt({}, ErrorReason.OUTCOME_UNKNOWN, unknown=True)
        except GatewayError as err:
            return _refused(err)
        await self._sleep(PAUSE_BEFORE_REPETITION)
        if self._monotonic() - started > LATEST_REPETITION:
            return unknown
        try:
            results = await self._client.send(content, numbers)
        except GatewayError:
            return unknown
        for number in numbers:
            # The repetition that the gateway saw may be of another message.
            other = number in busy or self._last_requests.get(number) != started
            if other and number in results and _repeated(results[number]):
                del results[number]
        return _Attempt(
            results, ErrorReason.OUTCOME_UNKNOWN, unknown=True, repeated=True
        )

    def _recently_sent_to(self, now: float) -> set[str]:
        """Return the numbers that something went to within the last minute."""
        self._last_requests = {
            number: at
            for number, at in self._last_requests.items()
            if at > now - REPEAT_WINDOW
        }
        return set(self._last_requests)

    def _outcome(
        self,
        composed: Composed,
        recipient: Recipient,
        attempt: _Attempt,
        sent_at: datetime,
    ) -> Outcome:
        """Return what an attempt means for one recipient."""
        result = attempt.results.get(recipient.number)
        if result is None:
            return Outcome(
                recipient=recipient,
                status=SendStatus.UNKNOWN if attempt.unknown else SendStatus.FAILED,
                sent_at=sent_at,
                error=attempt.error,
                words=attempt.words,
                notices=composed.notices,
            )
        taken_before = attempt.repeated and _repeated(result)
        sent = result.error is None or taken_before
        return Outcome(
            recipient=recipient,
            status=SendStatus.SENT if sent else SendStatus.FAILED,
            sent_at=sent_at,
            message_id=result.message_id,
            cost=result.cost,
            country=result.country,
            sms_parts=composed.content.sms_parts,
            error=None if sent else result.error,
            words=result.words,
            notices=composed.notices
            | ({Notice.TAKEN_WITHOUT_ID} if sent and not result.message_id else set()),
        )


def _answered(results: dict[str, SendResult]) -> _Attempt:
    """Return an attempt that the gateway answered, if not for every number."""
    return _Attempt(results, ErrorReason.OUTCOME_UNKNOWN, unknown=True)


def _refused(err: GatewayError) -> _Attempt:
    """Return an attempt that failed as a whole."""
    if isinstance(err, InvalidResponseError):
        return _Attempt({}, err.reason, words=err.words, unknown=err.accepted)
    return _Attempt({}, err.reason)


def _repeated(result: SendResult) -> bool:
    """Return whether the gateway saw a repetition."""
    return result.error is ErrorReason.REPEAT_DETECTED
