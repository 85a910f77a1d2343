"""Sending: everyone is tried, and nobody gets a message twice."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum, auto
from itertools import batched
import time
from typing import Final

from ..gateway import (
    MAX_NUMBERS,
    CannotConnectError,
    ErrorReason,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
    MessageContent,
    NoAnswerError,
    RefusedError,
    SendResult,
)
from ..storage.message import HouseReason, Message
from .allowance import Allowance
from .compose import Composed, Notice, Recipient
from .repeat_window import RecentRequests, Request

# The gateway refuses repetitions for a minute. Within it, repeating a request whose
# answer was lost cannot deliver twice, and tells whether the first one had arrived.
LATEST_REPETITION: Final = 50.0
PAUSE_BEFORE_REPETITION: Final = 2.0


class SendStatus(StrEnum):
    """What became of an attempt to send."""

    SENT = "sent"
    QUEUED = "queued"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Retry(Enum):
    """When a message that was not sent may be tried again."""

    WHEN_REACHABLE = auto()
    AFTER_A_MINUTE = auto()


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of a message to one recipient.

    `message_id` is None for a sent message only where the gateway took it without our
    hearing its answer. `cost` is in the account's currency. `error` is set unless the
    message was sent, `words` are the gateway's own of an error it does not document.
    `retry` is None where a message must not be tried again. `seq` is the ledger's
    number of the message, 0 where it has none, and `link` the fingerprint of its answer
    link. Where somebody waited, `ended` is the message at its end, and `answer` the
    action that the recipient chose.
    """

    recipient: Recipient
    status: SendStatus
    sent_at: datetime
    message_id: str | None = None
    cost: Decimal | None = None
    country: str | None = None
    sms_parts: int | None = None
    error: ErrorReason | HouseReason | None = None
    words: str | None = None
    notices: frozenset[Notice] = field(default_factory=frozenset)
    retry: Retry | None = None
    seq: int = 0
    link: str | None = None
    ended: Message | None = None
    answer: str | None = None


type Taken = Callable[[Composed, Sequence[Outcome]], None]


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """What one request, with its repetition, told about its numbers.

    `status`, `error`, `words` and `retry` hold for numbers without a result. With
    `repeats_itself`, a repetition that the gateway saw is of this very message.
    `asked_before` are numbers that the same text went to within a minute.
    """

    results: dict[str, SendResult] = field(default_factory=dict)
    error: ErrorReason = ErrorReason.OUTCOME_UNKNOWN
    words: str | None = None
    status: SendStatus = SendStatus.UNKNOWN
    retry: Retry | None = Retry.AFTER_A_MINUTE
    repeats_itself: bool = False
    asked_before: Collection[str] = ()


class Sender:
    """Sends messages of one account, as far as its allowance goes."""

    def __init__(
        self,
        client: GatewayClient,
        allowance: Allowance,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Bind the sender to a gateway client."""
        self.recent = RecentRequests(monotonic)
        self.client = client
        self._allowance = allowance
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep

    async def send(
        self, composed: Composed, recipients: Sequence[Recipient], taken: Taken
    ) -> list[Outcome]:
        """Send one content to recipients and return what became of each, in order.

        Requests hold up to 100 numbers. `taken` hears at once, in the same step as the
        gateway's reply, of what the gateway took. Nothing is raised for a failure:
        everyone is tried, and the outcomes tell.
        """
        outcomes: list[Outcome] = []
        for batch in batched(recipients, MAX_NUMBERS, strict=False):
            granted = self._allowance.take(len(batch))
            allowed, beyond = batch[:granted], batch[granted:]
            if allowed:
                outcomes += await self._send_batch(composed, allowed, taken)
            outcomes += [
                Outcome(
                    recipient=recipient,
                    status=SendStatus.FAILED,
                    sent_at=self._now(),
                    error=HouseReason.LIMIT_REACHED,
                )
                for recipient in beyond
            ]
        return outcomes

    async def repeat(
        self,
        composed: Composed,
        recipients: Sequence[Recipient],
        taken: Taken,
        *,
        doubtful: Collection[str],
    ) -> list[Outcome]:
        """Repeat a request of the last 50 seconds that was interrupted.

        `doubtful` are numbers that something else went to in the minute before: a
        repetition that the gateway sees there tells nothing. Where the status is still
        unknown, `retry` says whether the repetition may be made once more.
        """
        numbers = [recipient.number for recipient in recipients]
        sent_at = self._now()
        request = self.recent.begin(numbers, composed.content.message)
        try:
            results = await self.client.send(composed.content, numbers)
        except (CannotConnectError, RefusedError) as err:
            self.recent.undo(numbers, request)
            retry = Retry.WHEN_REACHABLE if err.reason.retryable else None
            attempt = _Attempt(retry=retry)
        except GatewayError:
            attempt = _Attempt()
        else:
            self._allowance.take(len(numbers))
            followed = self.recent.followed(numbers, request)
            attempt = _repetition(results, {*doubtful, *followed})
        finally:
            self.recent.end(request)
        return self._outcomes(composed, recipients, attempt, sent_at, taken)

    async def _send_batch(
        self, composed: Composed, recipients: Sequence[Recipient], taken: Taken
    ) -> list[Outcome]:
        """Send one request, once more where its answer was lost."""
        numbers = [recipient.number for recipient in recipients]
        text = composed.content.message
        busy = self.recent.among(numbers)
        same_text = self.recent.with_text(busy, text)
        sent_at = self._now()
        request = self.recent.begin(numbers, text)
        try:
            attempt = _Attempt(
                results=await self.client.send(composed.content, numbers),
                asked_before=same_text,
            )
        except NoAnswerError:
            attempt = await self._asked_again(composed.content, numbers, busy, request)
        except GatewayError as err:
            attempt = _refused(err)
        finally:
            self.recent.end(request)
        outcomes = self._outcomes(composed, recipients, attempt, sent_at, taken)
        failed = [
            outcome.recipient.number
            for outcome in outcomes
            if outcome.status is SendStatus.FAILED
        ]
        if failed:
            self.recent.undo(failed, request)
            self._allowance.give_back(len(failed))
        return outcomes

    async def _asked_again(
        self,
        content: MessageContent,
        numbers: Sequence[str],
        busy: set[str],
        request: Request,
    ) -> _Attempt:
        """Repeat a request, to learn whether the gateway heard it before."""
        await self._sleep(PAUSE_BEFORE_REPETITION)
        if self._monotonic() - request.began_at > LATEST_REPETITION:
            return _Attempt()
        try:
            results = await self.client.send(content, numbers)
        except GatewayError:
            return _Attempt()
        return _repetition(results, busy | self.recent.followed(numbers, request))

    def _outcomes(
        self,
        composed: Composed,
        recipients: Sequence[Recipient],
        attempt: _Attempt,
        sent_at: datetime,
        taken: Taken,
    ) -> list[Outcome]:
        """Return what an attempt means for each recipient, and tell what was taken."""
        sms_parts = composed.content.sms_parts
        outcomes = [
            _outcome(composed, recipient, attempt, sent_at, sms_parts)
            for recipient in recipients
        ]
        taken(
            composed,
            [outcome for outcome in outcomes if outcome.status is SendStatus.SENT],
        )
        return outcomes


def _outcome(
    composed: Composed,
    recipient: Recipient,
    attempt: _Attempt,
    sent_at: datetime,
    sms_parts: int | None,
) -> Outcome:
    """Return what an attempt means for one recipient."""
    result = attempt.results.get(recipient.number)
    if result is None:
        return Outcome(
            recipient=recipient,
            status=attempt.status,
            sent_at=sent_at,
            error=attempt.error,
            words=attempt.words,
            notices=composed.notices,
            retry=attempt.retry,
            link=composed.fingerprint,
        )
    repeated = result.error is ErrorReason.REPEAT_DETECTED
    sent = result.error is None or (attempt.repeats_itself and repeated)
    notices = composed.notices
    if sent and not result.message_id:
        notices |= {Notice.TAKEN_WITHOUT_ID}
    # The gateway may refuse any second text within a minute. One that was asked for
    # twice, however, is what it is meant to refuse.
    again = repeated and not sent and recipient.number not in attempt.asked_before
    return Outcome(
        recipient=recipient,
        status=SendStatus.SENT if sent else SendStatus.FAILED,
        sent_at=sent_at,
        message_id=result.message_id,
        cost=result.cost,
        country=result.country,
        sms_parts=sms_parts,
        error=None if sent else result.error,
        words=result.words,
        notices=notices,
        retry=Retry.AFTER_A_MINUTE if again else None,
        link=composed.fingerprint,
    )


def _refused(err: GatewayError) -> _Attempt:
    """Return an attempt that failed as a whole."""
    if isinstance(err, InvalidResponseError) and err.accepted:
        return _Attempt(error=err.reason, words=err.words)
    return _Attempt(
        error=err.reason,
        words=err.words if isinstance(err, InvalidResponseError) else None,
        status=SendStatus.FAILED,
        retry=Retry.WHEN_REACHABLE if err.reason.retryable else None,
    )


def _repetition(results: dict[str, SendResult], doubtful: Collection[str]) -> _Attempt:
    """Return what the repetition of a request told.

    Where something else went to a number, the repetition that the gateway saw may be
    of that.
    """
    return _Attempt(
        results={
            number: result
            for number, result in results.items()
            if number not in doubtful or result.error is not ErrorReason.REPEAT_DETECTED
        },
        repeats_itself=True,
    )
