"""Forgetting what went to a number, in the file and in memory alike."""

from collections.abc import Collection
import sqlite3
from typing import Protocol

from ..public.answers import AnswerLinks
from ..storage import answer_links, messages as table, untold
from ..storage.compaction import mark_deleted
from ..storage.database import Database
from ..storage.message import Message
from .allowance import Allowance
from .ledger import Ledger
from .outbox import Outbox
from .untold import Untold
from .ways import used_by


class Forgetful(Protocol):
    """The parts of an account's messages that remember anything of a number."""

    allowance: Allowance
    answers: AnswerLinks
    database: Database
    ledger: Ledger
    outbox: Outbox
    untold: Untold


async def forget(delivery: Forgetful, number: str, but: Collection[int] = ()) -> int:
    """Forget the messages to a number, with their links; return how many.

    What the gateway is just being asked for stays, and `but` some. Raises
    sqlite3.Error where that cannot be written; everything stays then.
    """
    staying, waiting = list[Message](), list[Message]()
    for message in delivery.ledger.queued.values():
        if message.number == number:
            stay = message.attempted_at is not None or message.seq in but
            (staying if stay else waiting).append(message)
    kept = {message.seq for message in staying} | set(but)
    last = delivery.ledger.last_seq

    def stays(seq: int | None) -> bool:
        """Return whether a message stays: what came meanwhile does, too."""
        return seq is not None and (seq in kept or seq > last)

    def work(connection: sqlite3.Connection) -> int:
        """Delete all in one transaction."""
        answer_links.forget(connection, number, kept)
        untold.forget(connection, number, kept)
        mark_deleted(connection)
        return table.delete(connection, number, kept)

    held = [message.seq for message in waiting]
    delivery.outbox.hold(held)
    try:
        deleted = await delivery.database.write(work)
        for message in (*delivery.ledger.queued.values(), *delivery.ledger.under_way):
            if message.number == number and not stays(message.seq):
                delivery.allowance.change(message.seq, used_by(message))
        delivery.answers.forget(number, stays)
        delivery.untold.forget(number, stays)
        delivery.ledger.forget(number, stays)
    finally:
        delivery.outbox.release(held)
    await delivery.database.remove_set_aside()
    return deleted
