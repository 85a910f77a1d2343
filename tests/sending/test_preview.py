"""The action inteltele.preview_message: what a send would be."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.inteltele.const import DOMAIN
from demo.simulated_gateway import Misbehaviour, SimulatedGateway

from ..conftest import OLENA, PETRO

POLE: Final = "+48601234567"
GREEK: Final = "+306912345678"
EVERYONE: Final = ["notify.olena", "notify.petro"]
BUTTON: Final = {"button_text": "Open gate", "button_action": "open_gate"}
PUBLIC: Final = "https://house.example"
PRICE: Final = {"lowest": 0.43, "highest": 0.45}
CAMERA: Final = {
    "media_content_id": "media-source://camera/camera.porch",
    "media_content_type": "image/jpeg",
}
NO_PRICES: Final = "The gateway does not report SMS prices at the moment."
UNENCRYPTED: Final = (
    "The connection to the gateway is not encrypted: others could read texts, numbers "
    "and the API key."
)


async def _call(home: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Call an action and return its response."""
    response = await home.services.async_call(
        DOMAIN,
        action,
        {"message": "Water!", **data},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return response


async def _preview(home: HomeAssistant, **data: Any) -> dict[str, Any]:
    """Return a preview without what the tests' own gateway is warned of."""
    response = await _call(home, "preview_message", **data)
    if UNENCRYPTED in response["warnings"]:
        response["warnings"].remove(UNENCRYPTED)
    return response


async def _ways(home: HomeAssistant, **data: Any) -> list[dict[str, Any]]:
    """Return by which ways the only message would go out."""
    [message] = (await _preview(home, **data))["messages"]
    ways: list[dict[str, Any]] = message["ways"]
    return ways


def _viber(text: str, **more: Any) -> dict[str, Any]:
    """Return a Viber message as a preview shows it."""
    return {
        "channel": "viber",
        "after": 0,
        "text": text,
        "image": None,
        "button_text": None,
        "button_url": None,
        "encoding": None,
        "parts": None,
        "characters_left": 1000 - len(text),
        "price": None,
        **more,
    }


def _sms(text: str, after: int | None, **more: Any) -> dict[str, Any]:
    """Return an SMS of one part as a preview shows it."""
    return {
        "channel": "sms",
        "after": after,
        "text": text,
        "image": None,
        "button_text": None,
        "button_url": None,
        "encoding": "gsm",
        "parts": 1,
        "characters_left": 160 - len(text),
        "price": PRICE,
        **more,
    }


async def test_each_recipient_is_told_of(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Once, in order, and nothing leaves but the question for prices."""
    response = await _call(
        home,
        "preview_message",
        entity_id=EVERYONE,
        to=[OLENA, POLE],
        title="Alarm",
    )
    text = "*Alarm*\nWater!"
    assert response == {
        "messages": [
            {
                "number": OLENA,
                "entity_id": "notify.olena",
                "recipient": "Olena",
                "ways": [_viber(text)],
                "passed_over": None,
            },
            {
                "number": PETRO,
                "entity_id": "notify.petro",
                "recipient": "Petro",
                "ways": [_viber(text), _sms("Alarm\nWater!", None)],
                "passed_over": None,
            },
            {
                "number": POLE,
                "entity_id": None,
                "recipient": None,
                "ways": [_viber(text)],
                "passed_over": None,
            },
        ],
        "warnings": [UNENCRYPTED],
    }
    assert [request.path for request in gateway.requests] == ["/rates/"]
    assert account.runtime_data.delivery.allowance.left == 500
    assert account.runtime_data.ledger.last_seq == 0
    assert not gateway.messages


async def test_what_is_sent_is_what_was_shown(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Text by text, and each link by its length."""
    await home.config.async_update(external_url=PUBLIC)
    fields: dict[str, Any] = {
        "entity_id": "notify.petro",
        "title": " Gate ",
        "message": "Somebody is at the gate. " * 38,
        **BUTTON,
    }
    viber, sms = await _ways(home, **fields)
    await _call(home, "send_message", **fields)
    [sent] = gateway.messages
    request = next(
        item.parameters for item in gateway.requests if item.path == "/im/send/"
    )
    link = request["im_button_link"]
    assert viber["text"] == request["im_message"]
    assert viber["button_text"] == request["im_button_text"]
    assert len(viber["button_url"]) == len(link)
    assert sms["text"].replace(viber["button_url"], link) == request["sms_message"]
    assert sms["text"].endswith(f"\n{viber['button_url']}")
    assert sms["parts"] == 4
    assert sent.number == PETRO


async def test_a_preview_makes_no_link_and_takes_no_picture(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The camera does not even exist; addresses open nothing."""
    await home.config.async_update(external_url=PUBLIC)
    [way] = await _ways(home, entity_id="notify.olena", media=CAMERA)
    token = "x" * 22
    assert way["image"] == f"{PUBLIC}/api/inteltele/picture/{token}.jpg"
    assert way["button_text"] == "Open"
    assert way["button_url"] == f"{PUBLIC}/api/inteltele/picture/{token}/full.jpg"
    [way] = await _ways(home, entity_id="notify.olena", **BUTTON)
    assert way["button_url"] == f"{PUBLIC}/api/inteltele/a/{token}"
    assert len(account.runtime_data.answers) == 0


async def test_without_a_public_address_it_is_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And the text would go alone; nobody is asked to repair anything yet."""
    before = set(ir.async_get(home).issues)
    response = await _preview(home, entity_id="notify.olena", media=CAMERA, **BUTTON)
    [warning] = response["warnings"]
    assert warning.startswith("The text would go without its picture or button")
    assert response["messages"][0]["ways"] == [_viber("Water!")]
    assert set(ir.async_get(home).issues) == before


async def test_answers_that_others_can_read_are_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """In the words of a send, and that says enough of the gateway."""
    await home.config.async_update(external_url=PUBLIC)
    response = await _call(home, "preview_message", entity_id="notify.olena", **BUTTON)
    [warning] = response["warnings"]
    assert warning.startswith("The answer link is sent unencrypted,")


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        ({"channel": "sms"}, [_sms("Water!", 0)]),
        (
            {"sms_after": {"minutes": 3}},
            [_viber("Water!"), _sms("Water!", 180)],
        ),
        # Viber's own time is a minute at least, and ends before.
        ({"sms_after": 60}, [_viber("Water!"), _sms("Water!", 70)]),
        ({"sms_fallback": False}, [_viber("Water!")]),
        (
            {"sms_message": "Wet €"},
            [_viber("Water!"), _sms("Wet €", None, characters_left=154)],
        ),
        (
            {"channel": "sms", "message": "Вода"},
            [_sms("Вода", 0, encoding="ucs2", characters_left=66)],
        ),
        (
            {"channel": "sms", "button_text": "See", "button_url": "https://a.example"},
            [_sms("Water!\nhttps://a.example", 0)],
        ),
    ],
    ids=str,
)
async def test_every_way_to_an_sms_is_shown(
    home: HomeAssistant,
    account: MockConfigEntry,
    fields: dict[str, Any],
    ways: list[dict[str, Any]],
) -> None:
    """With its time, encoding, parts and price."""
    assert await _ways(home, entity_id="notify.petro", **fields) == ways


@pytest.mark.parametrize(
    ("text", "parts", "left"),
    [
        ("я" * 70, 1, 0),
        ("я" * 68 + "😀", 1, 0),
        # An emoji is not split: the first part ends before it.
        ("я" * 66 + "😀" + "я" * 3, 2, 62),
        ("я" * 65 + "😀" + "я" * 4, 2, 63),
        ("a" * 152 + "€" + "a" * 7, 2, 144),
    ],
)
async def test_an_emoji_at_the_end_of_a_part(
    home: HomeAssistant, account: MockConfigEntry, text: str, parts: int, left: int
) -> None:
    """Counted as phones do, and the price with it."""
    [way] = await _ways(home, entity_id="notify.petro", channel="sms", message=text)
    assert (way["parts"], way["characters_left"]) == (parts, left)
    assert way["price"] == {
        "lowest": pytest.approx(0.43 * parts),
        "highest": pytest.approx(0.45 * parts),
    }


async def test_a_long_text_is_cut_as_it_would_be(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """With the warning of a send."""
    response = await _preview(home, entity_id="notify.petro", message="я" * 1000)
    [message] = response["messages"]
    viber, sms = message["ways"]
    assert viber["characters_left"] == 0
    assert (sms["parts"], sms["characters_left"]) == (4, 0)
    assert sms["text"].endswith("я...")
    [warning] = response["warnings"]
    assert warning.startswith("The text of the SMS was shortened")


async def test_prices_are_kept_for_a_day(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And asked for only where an SMS would go out."""
    await _preview(home, entity_id="notify.olena")
    assert not gateway.requests
    for hours, asked in ((0, 1), (23, 1), (2, 2)):
        freezer.tick(timedelta(hours=hours))
        await _preview(home, entity_id="notify.petro")
        assert gateway.request_count("/rates/") == asked


async def test_of_a_country_without_a_price_none_is_told(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Neither nothing, nor an error."""
    fields = {"channel": "sms", "sms_sender": "House"}
    [way] = await _ways(home, to=GREEK, **fields)
    assert way["price"] is None
    [way] = await _ways(home, to=POLE, **fields)
    assert way["price"] == {"lowest": 1.12, "highest": 1.12}


@pytest.mark.parametrize(
    "misbehaviour",
    [
        Misbehaviour(server_error=500, apply_to=("/rates/",), times=1),
        Misbehaviour(html_body=True, apply_to=("/rates/",), times=1),
    ],
    ids=["broken", "page"],
)
async def test_prices_that_cannot_be_had_are_no_error(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    misbehaviour: Misbehaviour,
) -> None:
    """They are asked for again the next time."""
    gateway.settings.misbehaviour = misbehaviour
    response = await _preview(home, entity_id="notify.petro")
    assert response["messages"][0]["ways"][1] == _sms("Water!", None, price=None)
    assert response["warnings"] == [NO_PRICES]
    response = await _preview(home, entity_id="notify.petro")
    assert response["messages"][0]["ways"][1]["price"] == PRICE
    assert response["warnings"] == []


@pytest.mark.parametrize("error_shape", ["documented", "reply", "flat"])
async def test_prices_that_are_refused_are_no_error(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    error_shape: Any,
) -> None:
    """In whichever shape the gateway refuses."""
    gateway.settings.allowed_ips = ("10.0.0.1/32",)
    gateway.settings.misbehaviour = Misbehaviour(error_shape=error_shape)
    response = await _preview(home, entity_id="notify.petro")
    assert response["messages"][0]["ways"][1]["price"] is None
    assert response["warnings"] == [NO_PRICES]


@pytest.mark.parametrize(
    ("balance", "credit", "fields", "told"),
    [
        ("-0.42", "0", {}, True),
        ("-0.42", "1.23", {}, False),
        ("0.44", "0", {"entity_id": "notify.petro"}, True),
        ("0.46", "0", {"entity_id": "notify.petro"}, False),
        # Whoever gets nothing costs nothing.
        ("0.46", "0", {"entity_id": EVERYONE, "channel": "viber"}, False),
    ],
)
async def test_a_balance_that_would_not_pay_is_told(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    balance: str,
    credit: str,
    fields: dict[str, Any],
    told: bool,
) -> None:
    """By what is known of it and of the prices."""
    gateway.settings.balance = Decimal(balance)
    gateway.settings.credit = Decimal(credit)
    await account.runtime_data.coordinator.async_refresh()
    response = await _preview(home, **{"entity_id": "notify.olena", **fields})
    words = "The balance of IntelTele would not cover this. "
    words += "Top up your IntelTele account."
    assert response["warnings"] == ([words] if told else [])


async def test_a_balance_that_is_not_known_is_no_reason_to_warn(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Nor is it asked for."""
    account.runtime_data.coordinator.data = None
    assert (await _preview(home, entity_id="notify.olena"))["warnings"] == []
    assert not gateway.requests


async def test_whose_entity_is_disabled_is_passed_over(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Also where nobody else is left."""
    er.async_get(home).async_update_entity(
        "notify.petro", disabled_by=er.RegistryEntryDisabler.USER
    )
    response = await _preview(home, entity_id=["notify.petro", "notify.olena"])
    petro, olena = response["messages"]
    assert (petro["recipient"], petro["ways"]) == ("Petro", [])
    assert petro["passed_over"] == "disabled"
    assert olena["passed_over"] is None
    [warning] = response["warnings"]
    assert warning.startswith("Nothing goes to Petro: the notify entity is disabled.")
    response = await _preview(home, entity_id="notify.petro")
    assert response == {"messages": [petro], "warnings": [warning]}


@pytest.mark.parametrize("options", [{"daily_limit": 3}])
async def test_a_limit_that_would_be_reached_is_told(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Of each in its turn; and a send does the same."""
    fields = {"entity_id": [*reversed(EVERYONE)], "to": [POLE, GREEK]}
    response = await _preview(home, **fields)
    assert [item["passed_over"] for item in response["messages"]] == [
        None,
        None,
        "limit_reached",
        "limit_reached",
    ]
    assert [len(item["ways"]) for item in response["messages"]] == [2, 1, 1, 1]
    [warning] = response["warnings"]
    assert warning.startswith(
        "The account's daily limit or its SMS limit would be reached: nothing would "
        "go to +48…4567, +30…5678."
    )
    assert account.runtime_data.delivery.allowance.left == 3
    sent = await _call(home, "send_message", **fields)
    assert [item["error"] for item in sent["messages"]] == [
        None,
        None,
        "limit_reached",
        "limit_reached",
    ]


@pytest.mark.parametrize("options", [{"daily_limit": 1}])
async def test_a_limit_may_leave_no_room_for_an_sms(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Viber alone would go out."""
    response = await _preview(home, entity_id="notify.petro")
    assert response["messages"][0]["ways"] == [_viber("Water!")]
    [warning] = response["warnings"]
    assert warning.startswith("The daily limit or the SMS limit leaves no room")


@pytest.mark.parametrize(
    "fields", [{"channel": "sms"}, {"sms_after": 60}, {"sms_fallback": True}], ids=str
)
async def test_a_missing_sender_is_told_with_all_else(
    home: HomeAssistant, account: MockConfigEntry, fields: dict[str, Any]
) -> None:
    """A send would go to nobody then."""
    response = await _preview(home, entity_id=EVERYONE, **fields)
    assert [item["passed_over"] for item in response["messages"]] == [
        "sms_sender_missing",
        "sms_sender_missing",
    ]
    assert response["messages"][0]["ways"][-1]["parts"] == 1
    [warning] = response["warnings"]
    assert warning.startswith("An SMS needs a sender.")
    with pytest.raises(ServiceValidationError, match="An SMS needs a sender"):
        await _call(home, "send_message", entity_id=EVERYONE, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "я" * 1001},
        {"message": " "},
        {"entity_id": "notify.stranger"},
        {"entity_id": [], "to": []},
        {"to": "12"},
        {"to": 671112233},
        {"title": "x" * 1001},
        {"ttl": 5},
        {"sms_after": 5},
        {"sms_after": 60, "channel": "sms"},
        {"sms_sender": "!"},
        {"sms_message": "я" * 300, "entity_id": "notify.petro"},
        {"button_text": "See"},
        {"button_action": "open_gate"},
        {"image": "https://a.example/a.jpg", "media": "/media/a.jpg"},
        {"wait_for": "answered"},
        {"unheard_of": 1},
    ],
    ids=lambda fields: str(fields)[:40],
)
async def test_what_a_send_refuses_is_refused_in_the_same_words(
    home: HomeAssistant, account: MockConfigEntry, fields: dict[str, Any]
) -> None:
    """Before anything is asked of anybody."""
    said = []
    for action in ("preview_message", "send_message"):
        with pytest.raises(HomeAssistantError) as raised:
            await _call(home, action, **{"entity_id": "notify.olena", **fields})
        said.append(
            (raised.value.translation_key, raised.value.translation_placeholders)
        )
    assert said[0] == said[1]
    assert said[0][0] is not None


@pytest.mark.parametrize(
    "fields",
    [{"entity_id": EVERYONE}, {"to": POLE}, {"to": PETRO}],
    ids=str,
)
async def test_who_may_not_send_may_not_preview(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
) -> None:
    """A preview tells numbers and texts."""
    user = MockUser().add_to_hass(home)
    user.mock_policy({"entities": {"entity_ids": {"notify.olena": True}}})
    context = Context(user_id=user.id)
    call = {"message": "Water!"}
    with pytest.raises(Unauthorized) as raised:
        await home.services.async_call(
            DOMAIN,
            "preview_message",
            call | fields,
            blocking=True,
            return_response=True,
            context=context,
        )
    assert raised.value.permission == POLICY_CONTROL
    assert not gateway.requests
    assert await home.services.async_call(
        DOMAIN,
        "preview_message",
        call | {"entity_id": "notify.olena"},
        blocking=True,
        return_response=True,
        context=context,
    )


async def test_a_picture_that_somebody_may_not_see_is_not_previewed(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """As it is not sent."""
    user = MockUser().add_to_hass(home)
    user.mock_policy({"entities": {"entity_ids": {"notify.olena": True}}})
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            DOMAIN,
            "preview_message",
            {"message": "Water!", "entity_id": "notify.olena", "media": CAMERA},
            blocking=True,
            return_response=True,
            context=Context(user_id=user.id),
        )


async def test_it_has_to_be_asked_for_a_response(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """It does nothing else."""
    with pytest.raises(ServiceValidationError):
        await home.services.async_call(
            DOMAIN,
            "preview_message",
            {"message": "Water!", "entity_id": "notify.olena"},
            blocking=True,
        )
