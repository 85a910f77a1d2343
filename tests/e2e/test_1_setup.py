"""Setting up, as a person does it."""

from demo.house import House
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, SetUpAccount


async def test_a_wrong_key_is_told_after_one_request(account: SetUpAccount) -> None:
    """In the form where it can be corrected."""
    assert account.wrong_key["step_id"] == "user"
    assert account.wrong_key["errors"] == {"base": "invalid_auth"}
    assert account.requests_of_wrong_key == 1


async def test_the_account_is_created(account: SetUpAccount) -> None:
    """With an address for the provider to report to."""
    assert account.created["type"] == "create_entry"
    assert account.created["title"] == "IntelTele"
    assert account.report_url.startswith("http://127.0.0.1:")


async def test_the_set_up_leads_on_to_the_first_recipient(
    account: SetUpAccount,
) -> None:
    """In the next form."""
    assert account.created["next_flow"][0] == "config_subentries_flow"
    assert account.bad_phone["errors"] == {"phone": "invalid_phone"}
    assert account.olena["type"] == "create_entry"


async def test_the_test_message_arrived(
    gateway: SimulatedGateway, account: SetUpAccount
) -> None:
    """Once, although the form was shown twice."""
    [message] = gateway.messages
    assert message.number == OLENA
    assert message.text == "This is a test message from Home Assistant."


async def test_the_account_shows_its_money(house: House, account: SetUpAccount) -> None:
    """In the currency that was chosen."""
    balance = await house.state("sensor.inteltele_balance")
    assert float(balance["state"]) > 0
    assert balance["attributes"]["unit_of_measurement"] == "UAH"
    credit = await house.state("sensor.inteltele_credit")
    assert float(credit["state"]) == 0
