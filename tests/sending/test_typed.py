"""What people really type: numbers, names, texts and addresses, by every way."""

from contextlib import nullcontext, suppress
import re
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
from hypothesis import (
    HealthCheck,
    given,
    settings as hypothesis_settings,
    strategies as st,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.inteltele.const import DOMAIN
from custom_components.inteltele.delivery import Recipient
from custom_components.inteltele.sending.legacy_notify import (
    _recipients as legacy_recipients,
)
from custom_components.inteltele.settings.recipients import name_key
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, recipient, settled
from ..properties import EXAMPLES

FIRST, SECOND = "+380501112299", "+380671112299"
BOTH = [FIRST, SECOND]

SEVERAL = [
    "0501112299; 0671112299",
    "0501112299,0671112299",
    "501112299, 671112299",
    "+380 50 111 22 99\n+380 67 111 22 99\n",
    "0501112299,\n0671112299",
    " 0501112299 ;671112299.0",
]
UNCLEAR = [
    "0501112299,, 0671112299",
    "0501112299, ",
    ", 0671112299",
    "0501112299 #0671112299",
    "0501112299x0671112299",
    "0501112299 0671112299",
    "0501112299 0671112299, 0671112233",
    "0501112299 ext. 5",
    "0501112299,5",
    "+380 50 111 22 994",
    "067 FLOWERS",
    "unknown",
    "",
    " ",
]
WITH_MARKS = [
    "\u200e+380501112299",
    "+380\t50 111 22 99\ufeff",
    "\u202a+380501112299\u202c",
    "+380\u00a050\u00a0111\u00a022\u00a099\n",
]


async def _send(home: HomeAssistant, **data: Any) -> Any:
    """Send a message and return the action's response."""
    return await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Water!", **data},
        blocking=True,
        return_response=True,
    )


async def _notify(home: HomeAssistant, **data: Any) -> None:
    """Call the legacy action."""
    await home.services.async_call(
        "notify", "inteltele", {"message": "Water!", **data}, blocking=True
    )


def _numbers(gateway: SimulatedGateway) -> list[str]:
    """Return to whom something was sent."""
    return [message.number for message in gateway.messages]


@pytest.mark.parametrize("text", SEVERAL)
@pytest.mark.parametrize("way", ["to", "in a list", "target"])
async def test_several_numbers_in_one_text_are_all_sent_to(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    way: str,
    text: str,
) -> None:
    """The first one is not all that was given."""
    match way:
        case "to":
            await _send(home, to=text)
        case "in a list":
            await _send(home, to=[text])
        case _:
            await _notify(home, target=text)
    assert _numbers(gateway) == BOTH


@pytest.mark.parametrize("way", ["to", "in a list", "target"])
async def test_too_many_numbers_in_one_text_are_refused_unread(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """They are counted before any of them is read, which takes its time."""
    read: list[str] = []
    monkeypatch.setattr(
        "custom_components.inteltele.sending.targets.to_e164",
        lambda text, _region: read.append(text),
    )
    text = ", ".join(f"+38050{number:07}" for number in range(150_000))
    match way:
        case "to":
            called = _send(home, to=text)
        case "in a list":
            called = _send(home, to=[FIRST, text])
        case _:
            called = _notify(home, target=text)
    with pytest.raises(ServiceValidationError, match="It takes at most 1000"):
        await called
    assert read == []
    assert gateway.request_count() == 0


@pytest.mark.parametrize("text", UNCLEAR)
@pytest.mark.parametrize("way", ["to", "target", "number"])
async def test_a_text_that_is_not_only_valid_numbers_reaches_nobody(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    way: str,
    text: str,
) -> None:
    """Whoever sends learns of it, instead of half of them."""
    match way:
        case "to":
            called = _send(home, entity_id="notify.olena", to=text)
        case "target":
            called = _notify(home, target=["Olena", text])
        case _:
            called = home.services.async_call(
                DOMAIN, "delete_messages", {"number": text}, blocking=True
            )
    with pytest.raises(ServiceValidationError):
        await called
    assert gateway.request_count() == 0


@pytest.mark.parametrize("text", SEVERAL[:3])
async def test_the_messages_of_one_are_not_deleted_for_two(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    text: str,
) -> None:
    """A field for one number takes one."""
    await _send(home, to=BOTH)
    with pytest.raises(ServiceValidationError, match="not a valid phone number"):
        await home.services.async_call(
            DOMAIN, "delete_messages", {"number": text}, blocking=True
        )
    assert len(await account.runtime_data.ledger.history(None, None, 10)) == 2


@pytest.mark.parametrize("text", WITH_MARKS)
@pytest.mark.parametrize("way", ["to", "target", "number"])
async def test_marks_that_nobody_sees_do_not_matter(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    way: str,
    text: str,
) -> None:
    """They come along when a number is copied."""
    match way:
        case "to":
            await _send(home, to=text)
        case "target":
            await _notify(home, target=text)
        case _:
            await _send(home, to=FIRST)
            deleted = await home.services.async_call(
                DOMAIN,
                "delete_messages",
                {"number": text},
                blocking=True,
                return_response=True,
            )
            assert deleted == {"deleted": 1}
    assert _numbers(gateway) == [FIRST]


@pytest.mark.parametrize("way", ["to", "in a list", "target", "number"])
@pytest.mark.parametrize(
    ("value", "number"),
    [
        (380501112299, FIRST),
        (380501112299.0, FIRST),
        # As YAML reads 0610201305 without quotes: somebody else's in France.
        (102826693, None),
        # As it reads 0501112277, and 501112299.
        (84185279, None),
        (501112299, None),
        (380501112299.5, None),
        (10**15, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
    ],
)
async def test_a_number_that_is_no_text_is_a_whole_one_or_refused(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    way: str,
    value: object,
    number: str | None,
) -> None:
    """What YAML or a template made of it may be another number."""
    home.config.country = "UA" if number else "FR"
    with nullcontext() if number else pytest.raises(ServiceValidationError):
        match way:
            case "to":
                await _send(home, to=value)
            case "in a list":
                await _send(home, to=[value])
            case "target":
                await _notify(home, target=value)
            case _:
                await _forget_one(home, value)
    sent_to = number if number and way != "number" else None
    assert _numbers(gateway)[way == "number" :] == ([sent_to] if sent_to else [])


async def _forget_one(home: HomeAssistant, number: object) -> None:
    """Have the only message to a number forgotten."""
    await _send(home, to=FIRST)
    deleted = await home.services.async_call(
        DOMAIN,
        "delete_messages",
        {"number": number},
        blocking=True,
        return_response=True,
    )
    assert deleted == {"deleted": 1}


@pytest.mark.parametrize(
    ("action", "field"),
    [("inteltele.send_message", "to"), ("notify.inteltele", "target")],
)
async def test_a_template_of_a_number_reaches_it(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    action: str,
    field: str,
) -> None:
    """Home Assistant makes a number of what looks like one."""
    home.states.async_set("input_text.phone", FIRST)
    step = {
        "action": action,
        "data": {"message": "Water!", field: "{{ states('input_text.phone') }}"},
    }
    script = {"tell": {"sequence": [step]}}
    assert await async_setup_component(home, "script", {"script": script})
    await home.services.async_call("script", "tell", blocking=True)
    assert _numbers(gateway) == [FIRST]


@pytest.mark.parametrize(
    "recipients", [[recipient("olena", "Olena", OLENA), recipient("flat", "12", PETRO)]]
)
async def test_a_name_may_be_a_number(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """YAML reads it as one."""
    await _notify(home, target=[12])
    assert _numbers(gateway) == [PETRO]


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("get_status", {"message_ids": ["a\ud800"]}),
        ("get_rates", {"country": "u\ud800"}),
        ("send_message", {"to": FIRST, "message": "a\ud800"}),
        (
            "send_message",
            {
                "to": FIRST,
                "message": "x",
                "button_text": "Go",
                "button_action": "\ud83d\ude00\ud800",
            },
        ),
    ],
)
async def test_halves_of_characters_break_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    action: str,
    fields: dict[str, Any],
) -> None:
    """Templates and YAML can make them; no file and no line takes them."""
    home.config.external_url = "https://house.example.org"
    response = await home.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )
    assert response is not None
    assert all("\ud800" not in message.text for message in gateway.messages)


@pytest.mark.parametrize(
    ("entry_id", "sentence"),
    [
        ("a\nb", '"Account" holds a line break'),
        ("a\ud800", "a\ufffd"),
        ("\u202ea", r"ID \\u202ea"),
    ],
)
@pytest.mark.parametrize("action", ["send_message", "get_messages"])
async def test_an_account_that_is_none_is_quoted_on_one_line(
    home: HomeAssistant,
    account: MockConfigEntry,
    action: str,
    entry_id: str,
    sentence: str,
) -> None:
    """Home Assistant quotes it in a sentence of its own, and logs that."""
    fields = {"to": FIRST, "message": "x"} if action == "send_message" else {}
    with pytest.raises(ServiceValidationError, match=sentence):
        await home.services.async_call(
            DOMAIN,
            action,
            {"config_entry_id": entry_id, **fields},
            blocking=True,
            return_response=True,
        )


@pytest.mark.parametrize(
    ("state", "number"),
    [("501112299.0", FIRST), ("501112290.0", "+380501112290"), ("5.01112299E8", None)],
)
async def test_the_state_of_a_number_helper_is_the_number_it_shows(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    state: str,
    number: str | None,
) -> None:
    """Its ".0" is no digit of the number; what cannot be read is refused."""
    home.states.async_set("input_number.phone", state)
    script = {
        "sequence": [
            {
                "action": "inteltele.send_message",
                "data": {
                    "message": "Water!",
                    "to": "+380 {{ states('input_number.phone') }}",
                },
            }
        ]
    }
    assert await async_setup_component(home, "script", {"script": {"tell": script}})
    refused = nullcontext() if number else pytest.raises(ServiceValidationError)
    with refused:
        await home.services.async_call("script", "tell", blocking=True)
    assert _numbers(gateway) == ([number] if number else [])


@pytest.mark.parametrize(
    ("target", "numbers"),
    [
        ("Olena, +380671112299", [OLENA, SECOND]),
        ("olena;PETRO", [OLENA, PETRO]),
        ("Olena\nPetro", [OLENA, PETRO]),
        ([" O\u200elena ", "\ufeffPetro\t"], [OLENA, PETRO]),
        ("Flat 12, 2nd floor", ["+380671112255"]),
        ("Flat 12, 2nd floor\n", ["+380671112255"]),
    ],
)
@pytest.mark.parametrize(
    "recipients",
    [
        [
            recipient("olena", "Olena", OLENA),
            recipient("petro", "Petro", PETRO),
            recipient("flat", "Flat 12, 2nd  Floor", "+380671112255"),
        ]
    ],
)
async def test_names_in_one_text_are_all_sent_to(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    target: Any,
    numbers: list[str],
) -> None:
    """However they are typed; a name may hold a comma itself."""
    await _notify(home, target=target)
    assert _numbers(gateway) == numbers


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("Olena, Nobody", '"Nobody" is not a recipient'),
        ("Olena,", 'In "Olena,", a number or a name is missing'),
        ("Andrii", 'Several recipients are called "Andrii"'),
        (["Olena", "ANDRII"], 'Several recipients are called "ANDRII"'),
        ("No\x00bo\u202edy", '"No\\x00bo\\u202edy" is not a recipient'),
    ],
)
@pytest.mark.parametrize(
    "recipients",
    [
        [
            recipient("olena", "Olena", OLENA),
            recipient("one", "Andrii", FIRST),
            recipient("two", " andrii", SECOND),
        ]
    ],
)
async def test_a_name_that_is_not_clear_reaches_nobody(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    target: Any,
    sentence: str,
) -> None:
    """One of two of the same name would be the wrong one."""
    with pytest.raises(ServiceValidationError) as caught:
        await _notify(home, target=target)
    assert sentence in str(caught.value)
    assert gateway.request_count() == 0


@pytest.fixture
def petro_is_disabled(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Disable the notify entity of Petro; both have a label."""
    label = lr.async_get(home).async_create("Family")
    registry = er.async_get(home)
    for entity_id in ("notify.olena", "notify.petro"):
        registry.async_update_entity(entity_id, labels={label.label_id})
    registry.async_update_entity(
        "notify.petro", disabled_by=er.RegistryEntryDisabler.USER
    )


@pytest.mark.usefixtures("petro_is_disabled")
@pytest.mark.parametrize("target", ["label", "device", "everyone"])
async def test_a_disabled_recipient_gets_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    target: str,
) -> None:
    """Nobody named them, so nobody is told."""
    devices = dr.async_get(home)
    device_ids = [
        device.id
        for device in dr.async_entries_for_config_entry(devices, account.entry_id)
    ]
    match target:
        case "label":
            response = await _send(home, label_id="family")
        case "device":
            response = await _send(home, device_id=device_ids)
        case _:
            await _notify(home)
            response = {"warnings": []}
    assert response["warnings"] == []
    assert _numbers(gateway) == [OLENA]


@pytest.mark.usefixtures("petro_is_disabled")
@pytest.mark.parametrize(
    "target",
    [
        {"entity_id": ["notify.olena", "notify.petro"]},
        {"entity_id": "notify.olena", "to": PETRO},
        {"entity_id": "group.all"},
    ],
)
async def test_a_disabled_recipient_who_is_named_gets_a_sentence(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    target: dict[str, Any],
) -> None:
    """Whoever called may not know, and the others get the message."""
    members = ["notify.olena", "notify.petro"]
    await async_setup_component(home, "group", {"group": {"all": members}})
    response = await _send(home, **target)
    assert [message["number"] for message in response["messages"]] == [OLENA]
    [warning] = response["warnings"]
    assert warning.startswith("Nothing goes to Petro: the notify entity is disabled.")
    with pytest.raises(HomeAssistantError, match="Nothing goes to Petro"):
        await home.services.async_call(
            DOMAIN, "send_message", {"message": "Fire!", **target}, blocking=True
        )
    with pytest.raises(HomeAssistantError, match="Nothing goes to Petro"):
        await _notify(home, message="Storm!", target=["Olena", "Petro"])
    assert _numbers(gateway) == [OLENA] * 3


@pytest.mark.usefixtures("petro_is_disabled")
@pytest.mark.parametrize("target", [{"entity_id": "notify.petro"}, {"to": PETRO}])
async def test_a_message_to_disabled_recipients_only_is_refused(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    target: dict[str, str],
) -> None:
    """There is nobody else."""
    with pytest.raises(ServiceValidationError, match="Nothing goes to Petro"):
        await _send(home, **target)
    with pytest.raises(ServiceValidationError, match="Nothing goes to Petro"):
        await _notify(home, target=next(iter(target.values())).removeprefix("notify."))
    assert gateway.request_count() == 0


AROUND = ["{}\n", "\n {}", "\ufeff{}\u200b", "{}\r\n\r\n", "\t{}\u200e \n"]


@pytest.mark.parametrize("around", AROUND)
async def test_blanks_and_line_ends_around_texts_are_dropped(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    around: str,
) -> None:
    """A block of YAML has one, which costs an SMS part, or breaks an address."""
    fields = {
        "message": "ї" * 70,
        "image": "https://example.org/a.png",
        "button_text": "See",
        "button_url": "https://example.org/cellar",
        "sender": "MyHouse",
        "sms_message": "ї" * 70,
        "sms_sender": "Cellar",
    }
    response = await _send(
        home,
        entity_id="notify.petro",
        title=around.format("Alarm"),
        **{name: around.format(text) for name, text in fields.items()},
    )
    assert response["messages"][0]["sms_parts"] == 1
    [request] = [item for item in gateway.requests if item.path == "/im/send/"]
    sent = request.parameters
    assert sent["im_message"] == f"*Alarm*\n{fields['message']}"
    assert sent["im_image"] == fields["image"]
    assert sent["im_button_text"] == fields["button_text"]
    assert sent["im_button_link"] == fields["button_url"]
    assert sent["im_sender"] == fields["sender"]
    assert sent["sms_message"] == fields["sms_message"]
    assert sent["sms_source"] == fields["sms_sender"]


async def test_seventy_letters_and_a_line_end_are_one_sms(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """In the fallback too, and by the notify entity."""
    await home.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.petro", "message": "ї" * 70 + "\n"},
        blocking=True,
    )
    [message] = gateway.messages
    assert (message.text, message.sms_text, message.sms_parts) == (
        "ї" * 70,
        "ї" * 70,
        1,
    )


LABELS = {
    "image": "Picture URL",
    "button_url": "Button link",
    "button_text": "Button text",
    "sender": "Viber sender",
}


@pytest.mark.parametrize("mark", ["\n", "\r", "\t", "\x00", "\x7f", "\u2028"])
@pytest.mark.parametrize("field", ["image", "button_url", "button_text", "sender"])
async def test_a_field_of_one_line_holds_no_control_character(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    field: str,
    mark: str,
) -> None:
    """The gateway would send it raw."""
    fields = {
        "image": "https://example.org/a.png",
        "button_text": "See",
        "button_url": "https://example.org/",
    }
    broken = fields.get(field, "MyHouse")
    broken = f"{broken[:12]}{mark}{broken[12:]}" if len(broken) > 12 else f"a{mark}b"
    with pytest.raises(ServiceValidationError) as caught:
        await _send(home, entity_id="notify.olena", **{**fields, field: broken})
    assert f'"{LABELS[field]}" holds a line break' in str(caught.value)
    assert gateway.request_count() == 0


@pytest.mark.parametrize("mark", ["\u200b", "\u202e", "\ufeff"])
async def test_an_address_holds_nothing_that_cannot_be_seen(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    mark: str,
) -> None:
    """It would be another one than it looks like."""
    with pytest.raises(ServiceValidationError, match='"Button link" holds a'):
        await _send(
            home,
            entity_id="notify.olena",
            button_text="See",
            button_url=f"https://exam{mark}ple.org/",
        )


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("192.168.1.20:8123", True),
        ("10.0.0.2", True),
        ("100.64.0.7", True),
        ("127.0.0.1", True),
        ("[fe80::1]", True),
        ("[fd00::1]:8123", True),
        ("homeassistant:8123", True),
        ("homeassistant.local:8123", True),
        ("nas.LAN", True),
        ("camera.fritz.box", True),
        ("fritz.box", True),
        ("%31%32%37.0.0.1", True),
        ("\u2460\u2461\u2466.0.0.1", True),
        ("127.1", True),
        ("2130706433", True),
        ("0x7f000001:8123", True),
        ("0300.0250.1.20", True),
        ("192.168.1.20.", True),
        ("[::1]", True),
        ("[::ffff:192.168.1.20]", True),
        ("localhost.", True),
        ("example.org", False),
        ("134744072", False),
        ("8.8.2056", False),
        ("8.8.8.8", False),
        ("[2001:4860:4860::8888]", False),
        ("local.example.org", False),
        ("notfritz.box", False),
    ],
)
@pytest.mark.parametrize(
    "fields",
    [
        {"image": "http://{}/a.png"},
        {"button_text": "See", "button_url": "http://{}/lovelace"},
    ],
)
async def test_an_address_of_the_local_network_is_a_warning(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, str],
    host: str,
    local: bool,
) -> None:
    """Nobody outside can open it; the message goes out all the same."""
    response = await _send(
        home,
        entity_id="notify.olena",
        **{name: text.format(host) for name, text in fields.items()},
    )
    assert len(gateway.messages) == 1
    assert ["local network" in warning for warning in response["warnings"]] == (
        [True] if local else []
    )


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://homeassistant.local:8123/lovelace", True),
        ("https://example.org/", False),
    ],
)
async def test_a_local_address_in_an_sms_is_a_warning_too(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    address: str,
    local: bool,
) -> None:
    """It leads nowhere from a phone in the street."""
    response = await _send(
        home,
        entity_id="notify.petro",
        channel="sms",
        button_text="See",
        button_url=address,
    )
    assert ["local network" in item for item in response["warnings"]] == (
        [True] if local else []
    )


@pytest.mark.parametrize(
    ("data", "left_out"),
    [
        (
            {"tag": "leak", "channel": "alarm", "importance": "high"},
            "channel, importance, tag",
        ),
        ({"ttl": 0, "priority": "high"}, "priority, ttl"),
        ({"image": "/local/x.png"}, "image"),
        ({"actions": [{"action": "OK", "title": "OK"}]}, "actions"),
        ({"ttl": "soon"}, "ttl"),
        ({"button_text": "Go"}, "button_text"),
        ({"button_text": "Go", "button_url": "/lovelace"}, "button_text, button_url"),
        ({"media": {"url": "x"}}, "media"),
        ({"wait_for": "answered"}, "wait_for"),
        ({"sms_sender": "x", "sender": "a\nb"}, "sender, sms_sender"),
        ({5: "five", "a\nb\u202e": "x"}, "5, a\\nb\\u202e"),
        ({"image": "https://e.org/a.png", "media": "camera.x"}, "media"),
    ],
)
async def test_data_of_another_integration_does_not_cost_the_text(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
    data: dict[Any, Any],
    left_out: str,
) -> None:
    """It is left out, and logged once."""
    for text in ("Water!", "Fire!"):
        await _notify(home, message=text, target="Olena", data=data)
    assert [message.text for message in gateway.messages] == ["Water!", "Fire!"]
    warnings = [
        item.getMessage()
        for item in caplog.records
        if item.levelname == "WARNING" and "inteltele" in item.name
    ]
    [warning] = warnings
    assert warning.endswith(f": {left_out}")
    assert "\n" not in warning


async def test_data_with_names_that_are_always_new_fills_no_log(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A template may make them."""
    for text in ("Water!", "Fire!", "Storm!"):
        data = {f"{text}{number}": number for number in range(101)}
        await _notify(home, message=text, target="Olena", data=data)
    assert len(gateway.messages) == 3
    assert caplog.text.count("without some of the data") == 1


async def test_what_makes_sense_of_the_data_is_used(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """In whatever order it stands there."""
    home.config.external_url = "https://house.example.org"
    await _notify(
        home,
        target="Olena",
        data={
            "priority": "high",
            "ttl": 0,
            "wait_for": "delivered",
            "wait_timeout": 0.01,
            "answers": [{"action": "ok", "text": "OK"}],
            "sms_sender": "Cellar",
            "button_text": "Answer",
            "image": "/local/x.png",
            "sms_fallback": True,
        },
    )
    [message] = gateway.messages
    assert (message.image, message.ttl, message.sms_source) == (None, 180, "Cellar")
    assert message.button_text == "Answer"
    assert message.button_link.startswith("https://house.example.org/")


async def test_a_mixed_group_reaches_everyone(
    home: HomeAssistant,
    entry: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """Each with the same data."""
    others = []
    home.services.async_register("notify", "phone", others.append)
    group = {
        "platform": "group",
        "name": "everybody",
        "services": [{"action": "phone"}, {"action": "inteltele"}],
    }
    assert await async_setup_component(home, "notify", {"notify": [group]})
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    await home.services.async_call(
        "notify",
        "everybody",
        {"message": "Water!", "data": {"tag": "leak", "image": "/local/x.png"}},
        blocking=True,
    )
    assert len(others) == 1
    assert sorted(_numbers(gateway)) == [OLENA, PETRO]


@pytest.mark.parametrize("call", [{"message": " "}, {"message": "x" * 1001}])
async def test_a_text_that_is_refused_by_itself_is_refused_with_data_too(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    call: dict[str, Any],
) -> None:
    """That is not for the data."""
    with pytest.raises(ServiceValidationError, match='"Message"'):
        await _notify(home, target="Olena", data={"ttl": 0}, **call)
    assert gateway.request_count() == 0


DIRTY = "a\x1b[31m\u202e\u2028\r\nb" + "x" * 5000


@pytest.mark.parametrize(
    "call",
    [
        {"to": DIRTY},
        {"to": [[DIRTY]]},
        {"to": f"{DIRTY},"},
        {"entity_id": "notify.olena", "image": f"{DIRTY.replace(chr(13), '')} b"},
        {"entity_id": "notify.olena", "sms_sender": DIRTY},
        {"entity_id": "notify.olena", "button_text": "Go", "button_url": "x y" * 900},
    ],
)
async def test_what_was_typed_is_quoted_on_one_line_and_not_all_of_it(
    home: HomeAssistant, account: MockConfigEntry, call: dict[str, Any]
) -> None:
    """Errors end up in logs and on pages."""
    with pytest.raises(ServiceValidationError) as caught:
        await _send(home, **call)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert len(sentence) < 500


@pytest.mark.parametrize(
    "recipients", [[recipient("x", "Ole\nna\x1b\u202e", "+380671112901")]]
)
async def test_a_name_is_quoted_on_one_line(
    home: HomeAssistant, account: MockConfigEntry, recipients: list[ConfigSubentry]
) -> None:
    """It was typed, too, perhaps by an earlier version's form."""
    with pytest.raises(HomeAssistantError, match=re.escape(r"Ole\nna\x1b\u202e: the")):
        await _notify(home)


def _legacy_recipients(
    home: HomeAssistant, account: MockConfigEntry, target: list[str]
) -> list[Recipient]:
    """Return whom a target of the legacy action means."""
    call = ServiceCall(home, "notify", "inteltele", {"target": target})
    return legacy_recipients(call, None, account.runtime_data)


PEOPLE = [
    recipient("olena", "Olena", OLENA),
    recipient("petro", "Petro", PETRO),
    recipient("one", "Andrii", FIRST),
    recipient("two", "andrii ", SECOND),
    recipient("flat", "Flat 12, 2nd floor", "+380671112255"),
]
WHOM = {
    "Olena": OLENA,
    "PETRO": PETRO,
    "Flat 12, 2nd floor": "+380671112255",
    "0671112266": "+380671112266",
    "+48 601 234 567": "+48601234567",
    "671112277.0": "+380671112277",
    "Andrii": None,
    "Nobody": None,
    "12": None,
    "": None,
    "+380 50 111 22 994": None,
}


@pytest.mark.parametrize("recipients", [PEOPLE])
@hypothesis_settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(sorted(WHOM)), min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    ),
    separator=st.sampled_from([",", ", ", ";", " ; ", ",\n"]),
    around=st.sampled_from(["", " ", "\n", "\u200e", "\ufeff"]),
)
async def test_a_legacy_target_is_all_that_was_named_or_refused(
    home: HomeAssistant,
    account: MockConfigEntry,
    texts: list[list[str]],
    separator: str,
    around: str,
) -> None:
    """Never a wrong person, never fewer."""
    # A name that holds a comma can only stand alone.
    alone = all(len(names) == 1 or "Flat 12, 2nd floor" not in names for names in texts)
    named = [WHOM[name] for names in texts for name in names]
    target = [f"{around}{separator.join(names)}{around}" for names in texts]
    known = alone and None not in named
    with nullcontext() if known else pytest.raises(ServiceValidationError):
        found = _legacy_recipients(home, account, target)
        assert [person.number for person in found] == named


@pytest.mark.parametrize("recipients", [PEOPLE])
@hypothesis_settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    st.lists(
        st.lists(st.sampled_from([*WHOM, ",", ";", "\n", " ", "x", "\u200e", "0", "."]))
        .map("".join)
        .filter(bool)
        | st.text(max_size=20),
        min_size=1,
        max_size=3,
    )
)
async def test_any_legacy_target_is_who_stands_in_it_or_refused(
    home: HomeAssistant, account: MockConfigEntry, target: list[str]
) -> None:
    """Each found one is written there, and each place has one."""
    with suppress(ServiceValidationError):
        found = _legacy_recipients(home, account, target)
        written = "".join(name_key(text) for text in target)
        numerals = "".join(filter(str.isdecimal, written))
        for person in found:
            assert (
                name_key(person.name or "-") in written
                or person.number[-9:] in numerals
            )
        places = [part for text in target for part in re.split("[,;\n]", text.strip())]
        # A name that holds a comma takes two places.
        places = [place for place in places if name_key(place)]
        assert len(found) >= len(places) - sum("Flat 12" in text for text in target)
