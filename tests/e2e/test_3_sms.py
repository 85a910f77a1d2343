"""An SMS where Viber did not get through, set in the recipients' form."""

import asyncio
from typing import Any, Final

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .conftest import SetUpAccount, until_state

# The shortest there is, and the ten seconds in which the gateway is asked.
LONGEST: Final = 100.0
WITHOUT_DATA: Final = "+380671112912"
SOON_WITH_DATA: Final = "+380671113912"
WITHOUT_REPORTS: Final = "+380671112277"


async def _add(house: House, account: SetUpAccount, **entered: Any) -> dict[str, Any]:
    """Submit the form for a new recipient."""
    return await house.submit_recipient(
        await house.start_recipient(account.entry_id),
        sms_fallback=False,
        test=False,
        **entered,
    )


async def test_what_cannot_be_set_is_told_in_the_form(
    house: House, account: SetUpAccount
) -> None:
    """And not at night."""
    person = {"name": "Roman", "phone": WITHOUT_DATA}
    too_soon = {"sms_after": {"seconds": 59}, "sms_sender": "MyHouse"}
    refused = await _add(house, account, **person, **too_soon)
    assert refused["errors"] == {"sms_after": "sms_after_out_of_range"}
    refused = await _add(house, account, **person, sms_after={"minutes": 1})
    assert refused["errors"] == {"sms_sender": "sms_sender_missing"}


async def test_a_phone_without_data_gets_its_sms_and_nobody_pays_twice(
    house: House, account: SetUpAccount, quiet_gateway: SimulatedGateway
) -> None:
    """In a house that gets no reports, with what three people are set up with."""
    gateway = quiet_gateway
    gateway.settings.report_url = None
    people = {
        "Roman": WITHOUT_DATA,
        "Sofia": SOON_WITH_DATA,
        "Taras": WITHOUT_REPORTS,
    }
    try:
        for name, number in people.items():
            added = await _add(
                house,
                account,
                name=name,
                phone=number,
                sms_after={"minutes": 1},
                sms_sender="MyHouse",
            )
            assert added["type"] == "create_entry"
            await until_state(house, f"notify.{name.lower()}", "unknown")
        for name in people:
            await house.act(
                "notify.send_message",
                entity_id=f"notify.{name.lower()}",
                message=f"Water, {name}!",
            )
        assert [message.ttl for message in gateway.messages] == [60, 60, 60]
        gateway.phones.switch(SOON_WITH_DATA, no_data=False)
        async with asyncio.timeout(LONGEST):
            while all(message.api == "viber" for message in gateway.messages):
                await asyncio.sleep(0.5)
        # Whatever the others would send, they would have sent by now.
        await asyncio.sleep(5)
        assert sorted((one.api, one.number) for one in gateway.messages) == sorted(
            [("sms", WITHOUT_DATA), *(("viber", number) for number in people.values())]
        )
    finally:
        gateway.settings.report_url = account.report_url
        for item in await house.command(
            "config_entries/subentries/list", entry_id=account.entry_id
        ):
            if item["title"] in people:
                await house.command(
                    "config_entries/subentries/delete",
                    entry_id=account.entry_id,
                    subentry_id=item["subentry_id"],
                )
