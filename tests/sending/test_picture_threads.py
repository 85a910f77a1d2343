"""Threads for pictures alone."""

import asyncio
from threading import Event, current_thread
from typing import NoReturn

from homeassistant.core import HomeAssistant
import pytest

from custom_components.inteltele.sending.picture_threads import (
    MAX_THREADS,
    async_in_thread,
)


def _fail() -> NoReturn:
    """Raise what was not foreseen."""
    raise KeyError("image")


async def test_a_result_comes_back_from_a_thread(hass: HomeAssistant) -> None:
    """One that the end of the house does not wait for."""
    thread = await async_in_thread(hass, current_thread)
    assert thread.daemon


async def test_an_error_comes_back_from_a_thread(hass: HomeAssistant) -> None:
    """As it was raised, and the next one has a place."""
    for _ in range(2 * MAX_THREADS):
        with pytest.raises(KeyError):
            await async_in_thread(hass, _fail)


async def test_threads_that_hang_hold_nobody_else_up(hass: HomeAssistant) -> None:
    """As with a dead network share: pictures have to wait, the house goes on."""
    ends, over = Event(), asyncio.Event()
    hanging = [
        hass.async_create_task(async_in_thread(hass, ends.wait))
        for _ in range(2 * MAX_THREADS)
    ]
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        assert await hass.async_add_executor_job(lambda: "free") == "free"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await async_in_thread(hass, over.is_set)
    # Whoever gives up does not give the place of a thread that still runs away.
    for task in hanging:
        task.cancel()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await async_in_thread(hass, over.is_set)
    ends.set()
    async with asyncio.timeout(5):
        assert not await async_in_thread(hass, over.is_set)
