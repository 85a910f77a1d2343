"""The action inteltele.send_message."""

from decimal import Decimal
from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.texts import async_sentences, field_label
from demo.simulated_gateway import SimulatedGateway

from .conftest import OLENA, PETRO, stop

TEXT = {"message": "Water!"}
EVERYONE = ["notify.olena", "notify.petro"]


async def _send(home: HomeAssistant, **data: Any) -> dict[str, Any]:
    """Send a message and return the action's response."""
    response = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", **data},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return response


async def test_a_message_arrives_with_all_it_holds(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Every field reaches the gateway."""
    await _send(
        home,
        entity_id="notify.petro",
        title="Alarm",
        image="https://example.org/cellar.png",
        button_text="See",
        button_url="https://example.org/cellar",
        sender="MyHouse",
        ttl={"minutes": 10},
        sms_message="Wet",
        sms_sender="Cellar",
    )
    [request] = gateway.requests
    assert request.method == "POST"
    assert request.parameters == {
        "username": "House",
        "to": PETRO.removeprefix("+"),
        "im_message": "*Alarm*\nWater!",
        "im_image": "https://example.org/cellar.png",
        "im_button_text": "See",
        "im_button_link": "https://example.org/cellar",
        "im_sender": "MyHouse",
        "im_ttl": "600",
        "sms_message": "Wet",
        "sms_source": "Cellar",
    }


async def test_the_response_tells_what_became_of_each(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """With numbers that JSON knows."""
    response = await _send(home, entity_id=EVERYONE, to="+380671112901")
    sent = {message.number: message for message in gateway.messages}
    ids = [message.pop("id") for message in response["messages"]]
    assert {len(text) for text in ids} == {26}
    assert response == {
        "messages": [
            {
                "number": OLENA,
                "entity_id": "notify.olena",
                "status": "sent",
                "message_id": sent[OLENA].message_id,
                "channel": "viber",
                "cost": float(sent[OLENA].cost),
                "country": "ua",
                "sms_parts": None,
                "error": None,
            },
            {
                "number": PETRO,
                "entity_id": "notify.petro",
                "status": "sent",
                "message_id": sent[PETRO].message_id,
                "channel": "viber",
                "cost": float(sent[PETRO].cost),
                "country": "ua",
                "sms_parts": 1,
                "error": None,
            },
            {
                "number": "+380671112901",
                "entity_id": None,
                "status": "failed",
                "message_id": None,
                "channel": "viber",
                "cost": None,
                "country": None,
                "sms_parts": None,
                "error": "blacklisted",
            },
        ],
        "warnings": [],
    }


async def test_a_hundred_numbers_take_one_request(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """And one more number takes a second."""
    gateway.settings.balance = Decimal(100)
    numbers = [f"+38067000{number:04}" for number in range(1000, 1101)]
    await _send(home, to=numbers[:100])
    assert gateway.request_count("/im/send/") == 1
    response = await _send(home, to=numbers, message="Fire!")
    assert gateway.request_count("/im/send/") == 3
    assert {message["status"] for message in response["messages"]} == {"sent"}


async def test_a_number_that_is_named_twice_gets_one_message(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """As target and in two ways of writing."""
    response = await _send(home, entity_id="notify.olena", to=[OLENA, "067 111 22 33"])
    assert len(response["messages"]) == 1
    assert len(gateway.messages) == 1


async def test_devices_areas_and_labels_are_targets(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """What else they hold is passed over."""
    devices = dr.async_get(home)
    olena = devices.async_get_device_by_identifier((DOMAIN, "olena"), "account")
    own = devices.async_get_device_by_identifier((DOMAIN, "account"), "account")
    assert olena is not None
    assert own is not None
    area = ar.async_get(home).async_create("Upstairs")
    label = lr.async_get(home).async_create("Family")
    petro = devices.async_get_device_by_identifier((DOMAIN, "petro"), "account")
    assert petro is not None
    devices.async_update_device(petro.id, area_id=area.id, labels={label.label_id})
    for target in (
        {"device_id": [olena.id, own.id]},
        {"area_id": area.id},
        {"label_id": label.label_id},
    ):
        await _send(home, **target, message=str(target))
    assert [message.number for message in gateway.messages] == [OLENA, PETRO, PETRO]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Fire! \ud83d\udd25", "Fire! \N{FIRE}"),
        ("Fire! \ud83d", "Fire! \N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_halves_of_characters_become_whole(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    written: str,
    sent: str,
) -> None:
    """YAML reads an emoji as two halves where it is written as in JSON."""
    await _send(home, entity_id="notify.olena", message=written, title=written)
    assert gateway.messages[0].text == f"*{sent}*\n{sent}"
    [message] = await account.runtime_data.ledger.history(None, None, 10)
    assert message.text == f"*{sent}*\n{sent}"


async def test_a_sent_message_shows_at_the_notify_entity(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """As it does after notify.send_message."""
    await _send(home, entity_id="notify.olena")
    await home.async_block_till_done()
    assert home.states.get("notify.olena").state != "unknown"
    assert home.states.get("notify.petro").state == "unknown"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"message": ""}, '"Message" is empty'),
        ({"message": "x" * 1001}, "have 1001 characters"),
        ({"image": "file:///a.jpg"}, "starts with http or https"),
        ({"image": "https://e.org/a.JPG"}, 'ends in ".JPG"'),
        ({"button_text": "Go"}, '"Button link" is empty'),
        ({"button_url": "https://e.org"}, '"Button text" is empty'),
        (
            {"button_text": "Go", "button_url": "tel:112"},
            '"Button link" is "tel:112"',
        ),
        ({"ttl": 59}, '"Time to live" is 59 seconds'),
        ({"ttl": 86401}, '"Time to live" is 86401 seconds'),
        ({"sms_sender": "ab"}, '"SMS sender" is "ab"'),
        ({"sms_sender": "abcdefghijkl"}, '"SMS sender" is "abcdefghijkl"'),
        ({"sms_message": "Wet"}, "An SMS needs a sender"),
        ({"sms_message": "x" * 999, "sms_sender": "abc"}, "takes 7 SMS parts"),
        ({"sms_message": " ", "sms_sender": "abc"}, '"SMS text" is empty'),
        (
            {"sms_message": "Wet", "sms_fallback": False},
            '"SMS text" is filled in, but "SMS fallback" is off',
        ),
        ({"to": "12"}, '"12" is not a valid phone number'),
        ({"to": [102826693]}, "102826693 is not text"),
        ({"entity_id": "notify.nobody"}, '"notify.nobody" is not a recipient'),
        ({"entity_id": "sensor.inteltele_balance"}, "is not a recipient of IntelTele"),
        ({"entity_id": "none"}, 'Fill in "Recipients" or "Phone numbers"'),
    ],
)
async def test_bad_input_is_refused_with_a_sentence_before_anything_is_sent(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    """It names the field and the rule."""
    with pytest.raises(ServiceValidationError) as caught:
        await _send(home, **{"entity_id": "notify.olena", **fields})
    assert sentence in str(caught.value)
    assert gateway.request_count() == 0


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("+380671112901", "the owner of the number has opted out"),
        ("+380671112902", "does not know which country"),
        ("+380671112903", "has no route"),
        ("+380671112904", "the balance is too low"),
        ("+380671112905", "only once a minute"),
    ],
)
async def test_a_refused_number_is_told_by_name_and_reason(
    home: HomeAssistant, account: MockConfigEntry, number: str, sentence: str
) -> None:
    """Masked, because errors end up in logs."""
    with pytest.raises(HomeAssistantError) as caught:
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "x", "to": number, "retry_for": 0},
            blocking=True,
        )
    assert sentence in str(caught.value)
    assert f"+380…{number[-4:]}" in str(caught.value)
    assert number not in str(caught.value)


async def test_everyone_is_tried_before_anything_is_raised(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """One bad recipient spoils nothing for the others."""
    with pytest.raises(HomeAssistantError) as caught:
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {
                "message": "Water!",
                "entity_id": EVERYONE,
                "to": ["+380671112901", "+380671112903"],
            },
            blocking=True,
        )
    assert str(caught.value).startswith("2 of 4 messages did not get through")
    assert "+380…2901: the owner" in str(caught.value)
    assert "+380…2903: your IntelTele account has no route" in str(caught.value)
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}


async def test_a_response_raises_only_where_nobody_was_reached(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Otherwise it tells."""
    with pytest.raises(HomeAssistantError, match="opted out"):
        await _send(home, to="+380671112901")


async def test_a_shortened_sms_is_a_warning(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The message went out all the same."""
    response = await _send(home, entity_id="notify.petro", message="ї" * 900)
    [warning] = response["warnings"]
    assert "shortened to four parts" in warning


async def test_a_user_needs_control_of_each_recipient(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
) -> None:
    """A message costs money and speaks for the house."""
    hass_read_only_user.mock_policy(
        {
            "entities": {
                "entity_ids": {
                    "notify.olena": {POLICY_READ: True, POLICY_CONTROL: True},
                    "notify.petro": {POLICY_READ: True},
                }
            }
        }
    )
    call = {"message": "Water!", "entity_id": EVERYONE}
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await home.services.async_call(
            DOMAIN, "send_message", call, blocking=True, context=context
        )
    assert gateway.request_count() == 0
    call["entity_id"] = ["notify.olena"]
    await home.services.async_call(
        DOMAIN, "send_message", call, blocking=True, context=context
    )
    assert gateway.request_count("/im/send/") == 1


async def test_an_unknown_user_is_refused(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Somebody who was removed in between."""
    with pytest.raises(UnknownUser):
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"},
            blocking=True,
            context=Context(user_id="nobody"),
        )


async def test_an_account_that_is_not_running_is_named(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """And where to start it."""
    await stop(home, account)
    with pytest.raises(ServiceValidationError, match="account IntelTele is not"):
        await _send(home, entity_id="notify.olena")


async def test_old_style_groups_are_targets(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """A group stands for its members."""
    await async_setup_component(home, "group", {"group": {"all": EVERYONE}})
    await _send(home, entity_id="group.all")
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}


async def test_groups_of_notify_entities_are_targets(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """As the helper makes them; whom others reach is passed over."""
    other = er.async_get(home).async_get_or_create("notify", "other", "x").entity_id
    group = MockConfigEntry(
        domain="group",
        title="Family",
        options={
            "group_type": "notify",
            "name": "Family",
            "entities": [*EVERYONE, other],
            "hide_members": False,
        },
    )
    group.add_to_hass(home)
    assert await home.config_entries.async_setup(group.entry_id)
    await home.async_block_till_done()
    response = await _send(home, entity_id="notify.family")
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}
    assert response["warnings"] == []


async def test_all_are_all_recipients(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """But those that are disabled."""
    await _send(home, entity_id="all")
    assert {message.number for message in gateway.messages} == {OLENA, PETRO}
    _disable_olena(home)
    await _send(home, entity_id="all", message="And again!")
    assert [message.number for message in gateway.messages][2:] == [PETRO]


def _disable_olena(home: HomeAssistant) -> None:
    """Disable her notify entity."""
    er.async_get(home).async_update_entity(
        "notify.olena", disabled_by=er.RegistryEntryDisabler.USER
    )


async def test_somebody_who_is_disabled_is_passed_over(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """In a label, without a word; what nobody is left of says so."""
    label = lr.async_get(home).async_create("Family").label_id
    for entity_id in EVERYONE:
        er.async_get(home).async_update_entity(entity_id, labels={label})
    _disable_olena(home)
    response = await _send(home, label_id=label)
    assert [message.number for message in gateway.messages] == [PETRO]
    assert response["warnings"] == []


async def test_somebody_who_is_disabled_and_named_gets_a_sentence(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """The others get the message all the same."""
    _disable_olena(home)
    response = await _send(home, entity_id=EVERYONE)
    [warning] = response["warnings"]
    assert warning.startswith("Nothing goes to Olena")
    with pytest.raises(HomeAssistantError, match="Nothing goes to Olena"):
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "And again!", "entity_id": EVERYONE},
            blocking=True,
        )
    assert [message.number for message in gateway.messages] == [PETRO, PETRO]
    with pytest.raises(ServiceValidationError, match="Nothing goes to Olena"):
        await _send(home, entity_id="notify.olena")


async def test_a_target_of_yaml_and_the_field_of_the_form_are_one(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Each goes with numbers."""
    await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", "to": [PETRO]},
        target={"entity_id": "notify.olena"},
        blocking=True,
    )
    await _send(home, message="And again!", to=[PETRO], entity_id=["notify.olena"])
    assert [message.number for message in gateway.messages] == [OLENA, PETRO] * 2


async def test_recipients_keep_the_order_of_the_call(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """They can be moved in the form."""
    response = await _send(home, entity_id=EVERYONE[::-1])
    assert [item["entity_id"] for item in response["messages"]] == EVERYONE[::-1]


@pytest.mark.parametrize(
    ("language", "action", "fields", "sentence"),
    [
        (
            "en",
            "send_message",
            {"ttl": "soon", **TEXT},
            '"Time to live" is not valid: it takes a duration, such as 00:05:00.',
        ),
        (
            "de",
            "send_message",
            {"sms_fallback": "so", **TEXT},
            "Das Feld „Ersatz-SMS“ ist ungültig: möglich sind true oder false.",
        ),
        (
            "en",
            "send_message",
            {"answers": [{}], **TEXT},
            '"Answers" is not valid: each answer needs "Action" and "Text".',
        ),
        (
            "en",
            "send_message",
            {"answers": "yes", **TEXT},
            '"Answers" is not valid: each answer needs "Action" and "Text".',
        ),
        (
            "en",
            "send_message",
            {"title": ["a"], **TEXT},
            '"Title" is not valid: it takes a text.',
        ),
        (
            "en",
            "send_message",
            {"channel": "pigeon", **TEXT},
            '"Send by" is not valid: it takes one of viber, sms.',
        ),
        (
            "en",
            "send_message",
            {"priority": 1, **TEXT},
            'This action has no field "priority".',
        ),
        (
            "uk",
            "send_message",
            {"message_ids": ["1"], **TEXT},
            "Ця дія не має поля «message_ids».",
        ),
        (
            "en",
            "send_message",
            {"device_id": 1.5, **TEXT},
            '"device_id" is not valid: it does not take this value.',
        ),
        (
            "uk",
            "get_messages",
            {"limit": 0},
            "Поле «Кількість» заповнено неправильно: вкажіть ціле число від 1 до 1000.",
        ),
        (
            "en",
            "delete_messages",
            {"recipient": "x"},
            '"Recipient" is not valid: it takes entities, such as notify.olena.',
        ),
        ("en", "get_status", {}, '"Messages" must not be missing.'),
    ],
)
async def test_what_a_field_cannot_be_is_told_by_its_label(
    home: HomeAssistant,
    account: MockConfigEntry,
    language: str,
    action: str,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    """And the rule with it, in the language of the house.

    Nobody sees a path into the call's data, or a library's English.
    """
    home.config.language = language
    for category in ("services", "common", "exceptions"):
        await async_get_translations(home, language, category, [DOMAIN])
    with pytest.raises(ServiceValidationError) as caught:
        await home.services.async_call(
            DOMAIN, action, fields, blocking=True, return_response=True
        )
    assert await async_sentences(home, [caught.value]) == [sentence]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "x" * 1001}, '"Title" has more than 1000 characters'),
        ({"button_url": "https://a.example/\n1"}, '"Button link" holds a line break'),
        ({"answers": [{"action": "a\tb", "text": "x"}]}, '"Action" holds a line break'),
        ({"retry_for": {"days": 31}}, '"Retry for" is longer than 30 days'),
        ({"to": [OLENA] * 1001}, '"Phone numbers" has 1001 entries'),
    ],
)
async def test_what_is_too_much_is_told_by_the_label_of_its_field(
    home: HomeAssistant,
    account: MockConfigEntry,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    """Also inside of an answer."""
    with pytest.raises(ServiceValidationError, match=sentence):
        await _send(home, **fields)


async def test_a_field_has_its_own_name_where_no_house_is_at_hand(
    home: HomeAssistant,
) -> None:
    """As in another thread than that of the event loop."""
    assert await home.async_add_executor_job(field_label, "ttl") == "ttl"
