"""Waiting for what becomes of messages."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from custom_components.inteltele.delivery import Watch
from custom_components.inteltele.storage.message import MessageStatus

from ..storage.messages import message

LONG = timedelta(seconds=30)
SENT = message(status=MessageStatus.SENT, link="f")
DELIVERED = replace(SENT, status=MessageStatus.DELIVERED)


async def test_an_end_that_came_before_the_waiting_is_known() -> None:
    """A report may come before the reply to its own send."""
    watch = Watch()
    watch.end(DELIVERED)
    assert watch.now(SENT) == DELIVERED
    await watch.wait(lambda: watch.now(SENT).ended, LONG)


async def test_a_message_without_an_end_is_as_it_was() -> None:
    """Nothing is known of it."""
    watch = Watch()
    assert watch.now(SENT) == SENT
    assert watch.answer_by(None) is None
    assert watch.answer_by("f") is None


async def test_an_answer_ends_the_waiting() -> None:
    """What is awaited is looked at with each piece of news."""
    watch = Watch()
    waiting = asyncio.create_task(
        watch.wait(lambda: watch.answer_by("f") is not None, LONG)
    )
    await asyncio.sleep(0)
    watch.end(DELIVERED)
    await asyncio.sleep(0)
    assert not waiting.done()
    watch.answer("f", "OPEN")
    await waiting
    assert watch.answer_by("f") == "OPEN"


async def test_waiting_ends_when_its_time_is_over() -> None:
    """Without an error: how it stands then is the answer."""
    await Watch().wait(lambda: False, timedelta(seconds=0.01))


async def test_waiting_ends_when_an_account_stops() -> None:
    """Nothing more would be heard."""
    watch = Watch()
    waiting = asyncio.create_task(watch.wait(lambda: False, LONG))
    await asyncio.sleep(0)
    watch.stop()
    await waiting
