"""The action inteltele.preview_message with the fields of an alarm."""

from decimal import Decimal
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from demo.simulated_gateway import Misbehaviour, SimulatedGateway
from tests.alarms.calls import BOTH, call, sleep

from ..conftest import OLENA, PETRO

POLE: Final = "+48601234567"
MINUTE: Final = {"minutes": 1}


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options with an SMS sender."""
    return {"sms_sender": "MyHouse"}


@pytest.fixture(autouse=True)
def public(home: HomeAssistant) -> None:
    """Let phones reach the house."""
    home.config.external_url = "https://house.example.org"


async def _preview(home: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Return a preview without what the tests' own gateway is warned of."""
    data = {"message": "Water in the cellar!", "recipients": BOTH} | fields
    response = await call(home, "preview_message", **data)
    response["warnings"] = [
        warning for warning in response["warnings"] if "not encrypted" not in warning
    ]
    return response


def _plan(response: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return a plan, shorter."""
    return [
        (each["after"], each["recipient"], each["round"], each["channel"])
        for each in response["plan"]
    ]


async def test_an_alarm_is_foreseen_to_its_end(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Whom it asks when, by what, and what that costs at most; nothing is sent."""
    response = await _preview(home)
    assert _plan(response) == [
        (0, "Olena", 1, "viber"),
        (180, "Petro", 1, "viber"),
        (360, "Olena", 2, "sms"),
        (540, "Petro", 2, "sms"),
    ]
    assert [each["number"] for each in response["plan"]] == [OLENA, PETRO] * 2
    parts = sum(
        way["parts"]
        for person in response["messages"]
        for way in person["ways"]
        if way["channel"] == "sms"
    )
    assert response["most"] == {
        "messages": 4,
        "sms_parts": parts,
        "price": {
            "lowest": pytest.approx(0.43 * parts),
            "highest": pytest.approx(0.45 * parts),
        },
    }
    assert response["warnings"] == []
    assert gateway.messages == []
    assert len(account.runtime_data.answers) == 0
    assert list(account.runtime_data.alarms) == []


async def test_the_plan_is_what_a_raised_alarm_does(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The same people, ways and texts, in the same order."""
    fields: dict[str, Any] = {"message": "Water!", "recipients": BOTH, "tag": "water"}
    response = await call(home, "preview_message", **fields)
    await call(home, "raise_alarm", **fields)
    alarm = next(iter(account.runtime_data.alarms))
    while alarm.is_open:
        await sleep(home, freezer, alarm.rules.wait)
        alarm = account.runtime_data.alarms[alarm.id]
    asked = [
        (alarm.person(each.number).name, each.round, each.channel)
        for each in alarm.questions
    ]
    assert asked == [each[1:] for each in _plan(response)]
    texts = [way["text"] for way in response["messages"][0]["ways"]]
    sent = [message.text for message in gateway.messages if message.number == OLENA]
    assert list(map(len, texts)) == list(map(len, sent))


async def test_what_a_person_would_get_is_shown_by_each_way(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """By the time since the alarm was raised; links are as long as they would be."""
    response = await _preview(home, title="Alarm")
    petro = response["messages"][1]
    assert (petro["number"], petro["entity_id"]) == (PETRO, "notify.petro")
    assert [(way["channel"], way["after"]) for way in petro["ways"]] == [
        ("viber", 180),
        # The gateway's own fallback.
        ("sms", None),
        ("sms", 540),
    ]
    viber, _, sms = petro["ways"]
    assert viber["text"].startswith("*Alarm*\nWater in the cellar!")
    assert viber["button_url"].endswith("x" * 22)
    assert viber["button_url"] in sms["text"]


@pytest.mark.parametrize(
    ("fields", "plan"),
    [
        (
            {"order": "all_at_once", "rounds": 1, "sms": "as_set"},
            [(0, "Olena", 1, "viber"), (0, "Petro", 1, "viber")],
        ),
        (
            {"wait": {"minutes": 1}, "rounds": 1, "sms": "always"},
            [(0, "Olena", 1, "sms"), (60, "Petro", 1, "sms")],
        ),
        (
            {"recipients": ["notify.olena"], "to": [POLE], "rounds": 1},
            [(0, "Olena", 1, "viber"), (180, None, 1, "viber")],
        ),
        (
            {"recipients": ["notify.olena"], "wait": {"minutes": 1}},
            [(0, "Olena", 1, "viber"), (65, "Olena", 2, "sms")],
        ),
    ],
)
async def test_rules_make_the_plan(
    home: HomeAssistant,
    account: MockConfigEntry,
    fields: dict[str, Any],
    plan: list[tuple[Any, ...]],
) -> None:
    """As for a raised one."""
    assert _plan(await _preview(home, **fields)) == plan


@pytest.mark.parametrize("options", [{"sms_sender": "MyHouse", "sms_after": MINUTE}])
async def test_nobody_gets_more_than_so_many_an_hour(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """What is left out then is in no plan, and costs nothing."""
    response = await _preview(
        home, recipients=["notify.olena"], wait=MINUTE, rounds=10, sms="as_set"
    )
    assert [each["round"] for each in response["plan"]] == [1, 2, 3, 4, 5, 6]
    assert response["most"]["messages"] == 6


async def test_whoever_would_get_a_message_is_asked(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """In the form, the field for recipients comes first."""
    response = await call(
        home, "preview_message", message="Fire!", entity_id="notify.olena", rounds=1
    )
    assert _plan(response) == [(0, "Olena", 1, "viber")]


async def test_no_fault_costs_the_preview(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Each is a warning, as for the alarm itself."""
    home.config.external_url = None
    gateway.settings.balance = Decimal(0)
    await account.runtime_data.coordinator.async_refresh()
    response = await _preview(home, rounds=99, wait_for="ended", ttl=60)
    warnings = "\n".join(response["warnings"])
    assert '"Rounds"' in warnings
    assert '"Time to live"' in warnings
    assert "would go without its picture or button" in warnings
    assert "would not cover this" in warnings
    assert {each["after"] for each in response["plan"][:2]} == {0}


async def test_prices_that_are_not_told_are_null(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Never 0, and so is the price of an alarm without an SMS."""
    olena = {"recipients": ["notify.olena"], "sms": "as_set"}
    response = await _preview(home, **olena)
    assert response["most"] == {"messages": 2, "sms_parts": 0, "price": None}
    gateway.settings.misbehaviour = Misbehaviour(
        html_body=True, apply_to=("/rates/",), times=1
    )
    response = await _preview(home)
    assert response["most"]["price"] is None
    assert response["most"]["sms_parts"] > 0
    assert any("does not report SMS prices" in text for text in response["warnings"])


async def test_nobody_to_ask_is_a_warning(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """There is nothing to plan."""
    response = await _preview(home, recipients=["notify.nobody"])
    assert (response["plan"], response["messages"]) == ([], [])
    assert any("has nobody to ask" in text for text in response["warnings"])


@pytest.mark.parametrize(
    ("options", "warning"),
    [
        ({"sms_sender": "MyHouse", "daily_limit": 2}, "nothing would go to Olena"),
        ({"sms_sender": "MyHouse", "sms_limit": 1}, "nothing would go to Olena, Petro"),
    ],
)
async def test_limits_are_counted_to_the_end(
    home: HomeAssistant, account: MockConfigEntry, warning: str
) -> None:
    """Each question beside those before it."""
    response = await _preview(home, message="Water in the cellar! " * 10)
    assert any(warning in text for text in response["warnings"])


async def test_over_an_encrypted_line_nothing_is_said_of_that(
    home: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests' own gateway speaks none."""
    fields = {"message": "Water!", "recipients": BOTH}
    plain = await call(home, "preview_message", **fields)
    monkeypatch.setattr(type(account.runtime_data.client), "encrypted", True)
    encrypted = await call(home, "preview_message", **fields)
    assert len(plain["warnings"]) == len(encrypted["warnings"]) + 1


@pytest.mark.parametrize("options", [{"sms_sender": "MyHouse", "sms_limit": 0}])
async def test_a_limit_that_allows_viber_alone_is_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The question goes, the SMS after it does not."""
    response = await _preview(home, rounds=1)
    assert any("only Viber messages are sent" in text for text in response["warnings"])


async def test_an_alarm_that_goes_on_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """It would only be counted."""
    await call(home, "raise_alarm", message="Water!", recipients=BOTH, tag="water")
    response = await _preview(home, tag="water")
    assert any(
        "is counted and asks nobody anew" in text for text in response["warnings"]
    )


async def test_a_picture_is_shown_and_not_taken(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Its address is as long as it would be."""
    response = await _preview(
        home,
        media={
            "media_content_id": "media-source://camera/camera.none",
            "media_content_type": "image/jpeg",
        },
    )
    image = response["messages"][0]["ways"][0]["image"]
    assert image.startswith("https://house.example.org/")
    assert "x" * 22 in image
    assert response["warnings"] == []


@pytest.mark.parametrize(
    "media", ["camera.porch", "media-source://camera/camera.porch", "/etc/a.jpg"]
)
async def test_it_tells_nothing_of_a_picture_that_its_user_may_not_see(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    media: str,
) -> None:
    """Nor is the gateway asked for prices for them."""
    user = MockUser().add_to_hass(home)
    user.mock_policy(
        {"entities": {"entity_ids": {"notify.olena": {POLICY_CONTROL: True}}}}
    )
    fields = {"message": "Water!", "recipients": ["notify.olena"], "media": media}
    with pytest.raises(Unauthorized):
        await call(home, "preview_message", Context(user_id=user.id), **fields)
    assert not any("rates" in request.path for request in gateway.requests)


async def test_it_needs_the_rights_of_raising(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Somebody who may write to one person only sees no plan for others."""
    user = MockUser().add_to_hass(home)
    user.mock_policy(
        {"entities": {"entity_ids": {"notify.olena": {POLICY_CONTROL: True}}}}
    )
    context = Context(user_id=user.id)
    with pytest.raises(Unauthorized):
        await call(home, "preview_message", context, message="Water!", recipients=BOTH)
    response = await call(
        home, "preview_message", context, message="W", recipients=["notify.olena"]
    )
    assert len(response["plan"]) == 2
