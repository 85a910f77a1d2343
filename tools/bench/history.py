"""What a long history costs: at each send, at a page of it, and at a part of it."""

from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.inteltele.storage.message import MessageStatus

from ..house import call_action
from .configuration import add_account_at, give_history, house_of_comparison
from .filling import FEW, MANY, fill, numbers
from .gateways import Gateway, least_process
from .rounds import Row, Run, Work, interleaved, ratios, typical_seconds
from .sending import SENDS, our_action

PAGES: Final = 60
TO: Final = numbers(5000)


async def long_history(run: Run) -> list[Row]:
    """Compare an account that sent a lot with one that sent little, in one house."""
    async with least_process() as url, house_of_comparison(run.folder) as hass:
        accounts = {}
        for count in (MANY, FEW):
            account = await add_account_at(
                hass, Gateway(url=url, username=f"sent-{count}"), recipients=1
            )
            write = partial(fill, count=count, to=TO, failed=FEW // 2)
            await give_history(hass, account, write)
            accounts[count] = account
        sends = await interleaved(
            {
                "many": our_action(hass, "notify.recipient_0"),
                "few": our_action(hass, "notify.recipient_0_2"),
            },
            rounds=run.rounds,
            count=SENDS,
            timed=typical_seconds,
        )
        page = partial(_page, hass)
        filters = (MessageStatus.DELIVERED, MessageStatus.FAILED)
        pages = await interleaved(
            {
                f"{count} {status}": page(account, status)
                for count, account in accounts.items()
                for status in ("", *filters)
            },
            rounds=run.rounds,
            count=PAGES,
            timed=typical_seconds,
        )
    against = f"with {FEW}"
    return [
        Row(
            measure=f"send, with {MANY} messages",
            against=against,
            found=ratios(sends["many"], sends["few"]),
            limit=1.1,
        ),
        *(
            Row(
                measure=f"{what}, with {MANY} messages",
                against=against,
                found=ratios(pages[f"{MANY} {status}"], pages[f"{FEW} {status}"]),
                limit=2,
            )
            for status, what in (
                ("", "history page"),
                (MessageStatus.DELIVERED, "status filter that nearly all pass"),
                (MessageStatus.FAILED, "status filter that the 5 oldest pass"),
            )
        ),
    ]


def _page(hass: HomeAssistant, account: ConfigEntry, status: str) -> Work:
    """Return the question for a page, which is as long with either history."""
    fields = {"status": status} if status else {}

    async def work() -> None:
        """Ask."""
        await call_action(
            hass,
            "inteltele.get_messages",
            config_entry_id=account.entry_id,
            limit=FEW // 2,
            **fields,
        )

    return work
