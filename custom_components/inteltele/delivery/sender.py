"""Asking the gateway to send, and what its answer means for each number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ..gateway import (
    CannotConnectError,
    Content,
    ErrorReason,
    GatewayClient,
    GatewayError,
    InvalidResponseError,
    NoAnswerError,
    RefusedError,
    SendResult,
    SmsContent,
)
from .repeat_window import RecentRequests, Request


class Retry(Enum):
    """When a number may be asked for again."""

    WHEN_REACHABLE = auto()
    AFTER_A_MINUTE = auto()
    # Once there is money again, where a message waits for that.
    WHEN_AFFORDED = auto()
    # Within the gateway's minute, by the very same request.
    BY_REPEATING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a request told about one number.

    `result` is set where the gateway took the message, without an id only where it was
    taken without our hearing the answer. Else `reason` tells why not, `words` are the
    gateway's own of an error it does not document. With `may_have_arrived` the message
    may have been taken all the same. `retry` is None where it must not be tried again.
    """

    result: SendResult | None = None
    reason: ErrorReason = ErrorReason.OUTCOME_UNKNOWN
    words: str | None = None
    may_have_arrived: bool = False
    retry: Retry | None = None


type Verdicts = Mapping[str, Verdict]

UNANSWERED = Verdict(may_have_arrived=True, retry=Retry.BY_REPEATING)
_UNKNOWN = Verdict(may_have_arrived=True, retry=Retry.AFTER_A_MINUTE)


class Sender:
    """Makes the requests of an account, and reads their answers."""

    def __init__(self, client: GatewayClient, recent: RecentRequests) -> None:
        """Bind the sender to a gateway client."""
        self.client = client
        self._recent = recent

    async def send(
        self, content: Content, numbers: Sequence[str], request: Request
    ) -> Verdicts:
        """Ask for the first time; up to 100 numbers.

        Nothing is raised for a failure: the verdicts tell.
        """
        verdicts: Verdicts
        try:
            results = await self._send(content, numbers)
        except NoAnswerError:
            verdicts = dict.fromkeys(numbers, UNANSWERED)
        except GatewayError as err:
            verdicts = dict.fromkeys(numbers, _refused(err))
        else:
            verdicts = {
                number: _answered(results.get(number), request.same_text)
                for number in numbers
            }
        finally:
            self._recent.end(request)
        self._recent.undo(_refused_numbers(verdicts), request)
        return verdicts

    async def repeat(
        self, content: Content, numbers: Sequence[str], request: Request
    ) -> Verdicts:
        """Repeat a request of the last 50 seconds whose answer is not known."""
        request.ended_at = None
        try:
            results = await self._send(content, numbers, fresh=True)
        except (CannotConnectError, RefusedError) as err:
            retry = Retry.BY_REPEATING if err.reason.retryable else None
            verdict = Verdict(may_have_arrived=True, retry=retry)
            return dict.fromkeys(numbers, verdict)
        except NoAnswerError:
            return dict.fromkeys(numbers, UNANSWERED)
        except GatewayError:
            return dict.fromkeys(numbers, _UNKNOWN)
        finally:
            self._recent.end(request)
        doubtful = self._recent.doubtful(numbers, request)
        return {
            number: _repeated(results.get(number), doubtful=number in doubtful)
            for number in numbers
        }

    async def _send(
        self, content: Content, numbers: Sequence[str], *, fresh: bool = False
    ) -> dict[str, SendResult]:
        """Ask by the way that a content goes."""
        if isinstance(content, SmsContent):
            return await self.client.send_sms(content, numbers, fresh=fresh)
        return await self.client.send(content, numbers, fresh=fresh)


def _answered(result: SendResult | None, same_text: Collection[str]) -> Verdict:
    """Return what an answer means for one number."""
    if result is None:
        return _UNKNOWN
    if result.error is None:
        return Verdict(result=result)
    # The gateway may refuse any second text within a minute. One that was asked for
    # twice, however, is what it is meant to refuse.
    again = (
        result.error is ErrorReason.REPEAT_DETECTED and result.number not in same_text
    )
    return Verdict(
        reason=result.error,
        words=result.words,
        retry=Retry.AFTER_A_MINUTE if again else _retry_after(result.error),
    )


def _repeated(result: SendResult | None, *, doubtful: bool) -> Verdict:
    """Return what the answer to a repetition means for one number."""
    if result is None:
        return _UNKNOWN
    if result.error is not ErrorReason.REPEAT_DETECTED:
        return _answered(result, ())
    # The gateway saw the same before: most likely this very message.
    return _UNKNOWN if doubtful else Verdict(result=result)


def _refused(err: GatewayError) -> Verdict:
    """Return what the failure of a whole request means."""
    words = err.words if isinstance(err, InvalidResponseError) else None
    if isinstance(err, InvalidResponseError) and err.accepted:
        return Verdict(words=words, may_have_arrived=True, retry=Retry.AFTER_A_MINUTE)
    return Verdict(
        reason=err.reason,
        words=words,
        retry=_retry_after(err.reason),
    )


def _retry_after(reason: ErrorReason) -> Retry | None:
    """Return when to try again what hits everybody, None for all else."""
    if reason is ErrorReason.LOW_BALANCE:
        return Retry.WHEN_AFFORDED
    return Retry.WHEN_REACHABLE if reason.retryable else None


def _refused_numbers(verdicts: Verdicts) -> list[str]:
    """Return the numbers that nothing can have gone to."""
    return [
        number
        for number, verdict in verdicts.items()
        if verdict.result is None and not verdict.may_have_arrived
    ]
