"""Keeping the processors awake while something is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
import subprocess
import sys

# It runs only where nothing else wants to, and gives way at once.
_SPIN = """
import os
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.sched_setaffinity(0, {{{number}}})
while True: pass
"""


@contextmanager
def processors_awake() -> Iterator[None]:
    """Let no processor fall asleep, where that can be had.

    One request takes less time than a processor takes to wake up, which would be
    measured instead, twice in each request.
    """
    if not hasattr(os, "SCHED_IDLE"):
        yield
        return
    spinning = [
        subprocess.Popen([sys.executable, "-c", _SPIN.format(number=number)])  # noqa: S603 - of our own words
        for number in os.sched_getaffinity(0)
    ]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()
