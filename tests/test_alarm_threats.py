"""The claims of docs/privacy-and-security.md about alarms: who can do what to one."""

from datetime import timedelta
from http import HTTPStatus
import json
import re
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.persistent_notification import (
    _async_get_or_create_notifications,
)
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import Context, Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.care.issues import AccountIssue
from custom_components.inteltele.const import CONF_KEEP_TEXT, DOMAIN
from custom_components.inteltele.sending.acknowledged_by import name_of
from demo.simulated_gateway import SimulatedGateway

from .alarms.calls import call, path_of, raise_alarm, sleep
from .conftest import OLENA, PETRO, Phone, recipient, settled

CONTROL: Final = {POLICY_CONTROL: True}
READ: Final = {POLICY_READ: True}
FORGED: Final = "x\n2026-01-01 00:00:00.000 ERROR (MainThread) [homeassistant] forged"
MARKUP: Final = "[Renew](https://evil.example) ![x](https://evil.example/x) <b>bold</b>"
MINUTE: Final = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant, account: MockConfigEntry) -> None:
    """Give the house a public address, and an account."""
    home.config.external_url = "https://house.example.org"


@pytest.fixture
async def office(home: HomeAssistant, account: MockConfigEntry) -> MockConfigEntry:
    """Return a second account, with a recipient of its own."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="office",
        title="IntelTele office",
        unique_id="office",
        data={**account.data, CONF_WEBHOOK_ID: "webhook-of-the-office"},
        subentries_data=[recipient("maria", "Maria", "+380671112266").as_dict()],
    )
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await settled(home)
    return entry


def _may(user: MockUser, **entities: dict[str, bool]) -> Context:
    """Give a user permissions on notify entities, and return how they call."""
    named = {f"notify.{name}": allowed for name, allowed in entities.items()}
    user.mock_policy({"entities": {"entity_ids": named}})
    return Context(user_id=user.id)


# Raising.


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"recipients": ["notify.petro"]},
        {"recipients": ["notify.olena"], "to": [PETRO]},
        {"recipients": ["notify.olena"], "to": ["+48601234567"]},
        {"recipients": [], "to": ["+48601234567"]},
        {"recipients": []},
        {"recipients": ["notify.nobody"]},
    ],
    ids=str,
)
async def test_raising_takes_the_right_to_send_to_everyone_asked(
    home: HomeAssistant,
    told: list[Event],
    gateway: SimulatedGateway,
    hass_read_only_user: MockUser,
    fields: dict[str, Any],
) -> None:
    """One that asks nobody, and still stands on everybody's screen, takes all."""
    context = _may(hass_read_only_user, olena=CONTROL)
    with pytest.raises(Unauthorized):
        await raise_alarm(home, context, **fields)
    assert told == []
    assert gateway.messages == []
    assert _async_get_or_create_notifications(home) == {}


async def test_who_may_send_to_all_may_raise(
    home: HomeAssistant, told: list[Event], hass_read_only_user: MockUser
) -> None:
    """Without being an administrator; reading is not needed to hear of it."""
    context = _may(hass_read_only_user, olena=CONTROL)
    response = await raise_alarm(home, context, recipients=["notify.olena"])
    assert [each["recipient"] for each in response["asked"]] == ["Olena"]


async def test_raising_again_takes_the_right_to_send_to_whom_it_asked_first(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    hass_read_only_user: MockUser,
) -> None:
    """By a tag, nobody puts their words on the phone of somebody else."""
    await raise_alarm(home)
    context = _may(hass_read_only_user, petro=CONTROL)
    fields = {"recipients": ["notify.petro"], "message": "Call me!"}
    with pytest.raises(Unauthorized):
        await raise_alarm(home, context, **fields)
    [alarm] = account.runtime_data.alarms
    assert (alarm.content.message, alarm.raised) == ("Water in the cellar!", 1)
    response = await raise_alarm(home, context, tag="mine", **fields)
    assert response["status"] == "open"


async def test_an_alarm_takes_no_picture_that_its_user_may_not_see(
    home: HomeAssistant, told: list[Event], hass_read_only_user: MockUser
) -> None:
    """As no message does."""
    context = _may(hass_read_only_user, olena=CONTROL)
    for media in ("camera.porch", "media-source://camera/camera.porch", "/etc/a.jpg"):
        with pytest.raises(Unauthorized):
            await raise_alarm(
                home, context, recipients=["notify.olena"], media=media, tag=media
            )
    assert told == []


# Answering and clearing.


@pytest.mark.parametrize("action", ["acknowledge_alarm", "clear_alarm"])
async def test_answering_takes_control_of_somebody_who_is_asked(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """One is enough; reading is not."""
    raised = await raise_alarm(home, recipients=["notify.olena"])
    for which in ({"tag": "water"}, {"alarm_id": raised["alarm_id"]}):
        for context in (
            _may(hass_read_only_user, olena=READ),
            _may(hass_read_only_user, petro=CONTROL),
            _may(hass_read_only_user),
        ):
            with pytest.raises(Unauthorized):
                await call(home, action, context, **which)
    assert account.runtime_data.alarms.any_open
    context = _may(hass_read_only_user, olena=CONTROL)
    response = await call(home, action, context, tag="water")
    assert response["status"] in {"acknowledged", "cleared"}


async def test_a_message_that_clears_takes_the_right_to_send(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    hass_read_only_user: MockUser,
) -> None:
    """To everyone whom the alarm asks."""
    await raise_alarm(home)
    context = _may(hass_read_only_user, petro=CONTROL)
    with pytest.raises(Unauthorized):
        await call(home, "clear_alarm", context, tag="water", message="All dry.")
    assert account.runtime_data.alarms.any_open
    assert (await call(home, "clear_alarm", context, tag="water"))["alarm_id"]


async def test_a_user_hears_nothing_of_somebody_they_may_neither_read_nor_control(
    home: HomeAssistant, told: list[Event], hass_read_only_user: MockUser
) -> None:
    """Neither a name, nor a number; a bare number is for whoever may read all."""
    await raise_alarm(home, order="all_at_once", to=["+48601234567"])
    for context, names in (
        (_may(hass_read_only_user, petro=CONTROL), ["Petro"]),
        (None, ["Olena", "Petro", None]),
    ):
        response = await call(home, "acknowledge_alarm", context, tag="water")
        assert [each["recipient"] for each in response["asked"]] == names


async def test_only_automations_and_administrators_name_who_takes_over(
    home: HomeAssistant,
    told: list[Event],
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    """For everybody else it is their own name."""
    users = {
        "": None,
        "admin": Context(user_id=hass_admin_user.id),
        "user": _may(hass_read_only_user, olena=CONTROL, petro=CONTROL),
    }
    heard = {}
    for tag, context in users.items():
        await raise_alarm(home, tag=f"water {tag}")
        answer = await call(
            home, "acknowledge_alarm", context, tag=f"water {tag}", by="The guard"
        )
        heard[tag] = answer["acknowledged_by"]
    assert heard == {
        "": "The guard",
        "admin": "The guard",
        "user": hass_read_only_user.name,
    }
    assert told[-1].data["source"] == "home_assistant"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  Olena  ", "Olena"),
        ("О.В. Коваленко-мол. (2-й)", "О.В. Коваленко-мол. (2-й)"),  # noqa: RUF001
        ("Olena\nPetro\u2028Iryna\tand Co", "Olena Petro Iryna and Co"),
        ("\u202eanelO\u200b\u2066", "anelO"),
        ("x" * 500_000, "x" * 50),
        ("<b>Olena</b>", "<b>Olena</b>"),
        *(
            (address, None)
            for address in (
                "",
                " \u200b\n",
                "https://evil.example",
                "example.com",
                "call EXAMPLE.COM now",
                "//evil",
                "\\\\evil",
                "t.me/x",
                "t.\u200bme/x",
                "www.evil",
                "a@evil",
                "mailto:a",
                "10.0.0.1",
                "\uff45xample\uff0ecom",
                "example\u3002com",
                "example\u2024com",
                "http\uff1a\uff0f\uff0fevil",
                "+380 67 111-22-33",
                "\uff0b380671112233",
            )
        ),
    ],
)
def test_a_name_is_short_on_one_line_and_no_address(
    given: str, name: str | None
) -> None:
    """Nobody is led anywhere by it, and nothing in it turns a line around."""
    assert name_of(None, given) == name


def test_the_name_of_a_user_keeps_to_the_same() -> None:
    """Who has none is somebody."""
    assert name_of(MockUser(name="Olena\nevil"), None) == "Olena evil"
    assert name_of(MockUser(name="evil.example"), None) is None
    assert name_of(MockUser(name=None), None) is None
    assert name_of(MockUser(name="Olena", is_owner=True), "t.me/x") == "Olena"


@pytest.mark.parametrize("by", ["a\nb", "x" * 500, "t.me/x", ""])
async def test_no_name_keeps_anybody_from_taking_over(
    home: HomeAssistant, told: list[Event], by: str
) -> None:
    """What is no name is left out."""
    await raise_alarm(home)
    answer = await call(home, "acknowledge_alarm", tag="water", by=by)
    assert answer["status"] == "acknowledged"


async def test_a_tag_of_two_accounts_means_the_alarm_that_asks(
    home: HomeAssistant,
    account: MockConfigEntry,
    office: MockConfigEntry,
    told: list[Event],
    hass_read_only_user: MockUser,
) -> None:
    """Or the one that is named, or that the user may answer."""
    await raise_alarm(home)
    await call(home, "acknowledge_alarm", tag="water")
    asks = await raise_alarm(home, recipients=["notify.maria"])
    assert office.runtime_data.alarms.any_open
    chosen = await call(
        home, "acknowledge_alarm", tag="water", config_entry_id="account"
    )
    assert chosen["alarm_id"] != asks["alarm_id"]
    context = _may(hass_read_only_user, olena=CONTROL)
    allowed = await call(home, "acknowledge_alarm", context, tag="water")
    assert allowed["alarm_id"] == chosen["alarm_id"]
    assert office.runtime_data.alarms.any_open
    answer = await call(home, "acknowledge_alarm", tag="water", by="Maria")
    assert answer["alarm_id"] == asks["alarm_id"]
    assert not office.runtime_data.alarms.any_open


async def test_an_alarm_is_found_by_a_tag_however_it_was_written(
    home: HomeAssistant, told: list[Event]
) -> None:
    """Too long, or with blanks around it."""
    for tag in (" water ", "w" * 500):
        raised = await raise_alarm(home, tag=tag, recipients=["notify.petro"])
        answer = await call(home, "acknowledge_alarm", tag=tag)
        assert answer["alarm_id"] == raised["alarm_id"]
    for which in ({}, {"tag": "a", "alarm_id": "b"}):
        with pytest.raises(ServiceValidationError):
            await call(home, "acknowledge_alarm", **which)


# With a link.


async def test_who_has_the_link_of_a_question_answers_as_whom_it_was_sent_to(
    home: HomeAssistant,
    told: list[Event],
    phone: Phone,
    gateway: SimulatedGateway,
) -> None:
    """Also somebody to whom it was forwarded: the house cannot know."""
    await raise_alarm(home)
    path = path_of(gateway, 0)
    page = await (await phone.get(path)).text()
    assert "Water in the cellar!" in page
    assert f"<title>{home.config.location_name}</title>" in page
    for private in (OLENA[-7:], "inteltele", "account"):
        assert private not in page
    await phone.post(path, data={"answer": "acknowledge"})
    assert told[-1].data["by"] == "Olena"


# What it says.


async def test_no_text_of_an_alarm_is_in_events_and_states(
    home: HomeAssistant, told: list[Event], gateway: SimulatedGateway
) -> None:
    """Nor in an attribute."""
    events = async_capture_events(home, "*")
    await raise_alarm(
        home, message="Safe open!", title="The safe", sms_message="Safe 1", tag="night"
    )
    await call(home, "acknowledge_alarm", tag="night")
    told_of = [
        event.as_dict() for event in events if event.event_type != "call_service"
    ]
    assert "acknowledged" in str(told_of)
    assert "safe" not in str(told_of).lower()


@pytest.mark.parametrize("field", ["message", "title", "tag", "recipients", "extra"])
async def test_nothing_in_an_alarm_is_markup_at_home(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    freezer: FrozenDateTimeFactory,
    field: str,
) -> None:
    """Neither in a notification, nor in a repairs dialog; and they are short."""
    written = MARKUP + " " + "x" * 3000
    extra: dict[str, Any] = {field: written}
    if field == "recipients":
        extra = {field: ["notify.petro", *(f"{place}{written}" for place in range(99))]}
    if field == "extra":
        extra = {f"{place}{written}": 1 for place in range(99)}
    response = await raise_alarm(home, rounds=1, **extra)
    assert response["asked"]
    assert len(response["warnings"]) <= 20
    await sleep(home, freezer, 8 * MINUTE)
    [notification] = _async_get_or_create_notifications(home).values()
    issue = ir.async_get(home).async_get_issue(
        DOMAIN, f"{AccountIssue.ALARM_SHORTCOMINGS}_account"
    )
    words = (issue.translation_placeholders or {}) if issue else {}
    for text in (notification["message"], words.get("warnings_escaped", "")):
        assert not re.search(r"(?<!\\)[\[\]<>!]", text)
        assert len(text) < 25_000


async def test_nothing_in_an_alarm_forges_a_line_of_the_log(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever it is in."""
    caplog.clear()
    await raise_alarm(
        home,
        message=FORGED,
        title=FORGED,
        tag=FORGED,
        recipients=["notify.petro", FORGED],
        to=[FORGED, "0671234"],
        media=FORGED,
        image=FORGED,
        order=FORGED,
        acknowledge_text=FORGED,
        config_entry_id=FORGED,
        **{FORGED: 1},
    )
    await call(home, "acknowledge_alarm", tag=FORGED, by=FORGED)
    logged = [record.getMessage() for record in caplog.records if record.levelno >= 30]
    assert logged
    assert not re.search(r"^2026-01-01", "\n".join(logged), re.MULTILINE)
    assert "0671234" not in "".join(logged)


HUGE: Final = "x" * 500_000


@pytest.mark.parametrize(
    "fields",
    [
        *({name: HUGE} for name in ("message", "title", "sms_message", "tag", "order")),
        {"acknowledge_text": HUGE},
        {"image": f"https://example.org/{HUGE}.jpg"},
        {"media": f"media-source://{HUGE}"},
        {"config_entry_id": HUGE},
        {"to": [HUGE, *(["no number"] * 5000)]},
        {"to": f"{PETRO},,{PETRO}\n\n;"},
        {"to": [380671112244, 1.5, None, {}, []]},
        {"wait": {"days": 10**12}, "quiet_for": {"days": 10**12}},
        {"wait": {"days": "nan"}, "rounds": float("inf"), "quiet_for": -5},
        {"wait": [], "rounds": {}, "tell_others": [], "sms": {}, "title": {}},
        {"image": "/local/a.jpg"},
        {"media": {"media_content_id": ["a"]}},
    ],
    ids="-".join,
)
async def test_no_field_costs_the_alarm_however_large_or_wrong(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    gateway: SimulatedGateway,
    fields: dict[str, Any],
) -> None:
    """What the gateway gets stays small."""
    response = await raise_alarm(home, **{"recipients": ["notify.petro"], **fields})
    assert [each["number"] for each in response["asked"]] == [PETRO]
    assert response["warnings"]
    assert len(json.dumps(response)) < 10_000
    assert all(len(str(item.parameters)) < 5000 for item in gateway.requests)


async def test_no_more_than_a_hundred_who_are_named_are_looked_at(
    home: HomeAssistant, account: MockConfigEntry, told: list[Event]
) -> None:
    """What is no number takes long to be known as none."""
    to = [*(["no number"] * 100), PETRO]
    await raise_alarm(home, recipients=["notify.olena"], to=to)
    [alarm] = account.runtime_data.alarms
    assert [each.number for each in alarm.people] == [OLENA]


async def test_waiting_for_an_end_has_an_end(
    home: HomeAssistant, account: MockConfigEntry, told: list[Event]
) -> None:
    """Whatever is said about how long."""
    response = await raise_alarm(home, wait_for="ended", wait_timeout=0.01)
    assert response["status"] == "open"
    await call(home, "acknowledge_alarm", tag="water")
    for timeout in (None, "x", {"days": 10**12}):
        response = await raise_alarm(home, wait_for="ended", wait_timeout=timeout)
        assert response["status"] == "acknowledged"


async def test_no_more_than_twenty_alarms_are_open(
    home: HomeAssistant, account: MockConfigEntry, told: list[Event]
) -> None:
    """One that is raised again is counted all the same."""
    for place in range(20):
        await raise_alarm(home, tag=f"water {place}", recipients=["notify.petro"])
    with pytest.raises(ServiceValidationError, match="20 alarms are open"):
        await raise_alarm(home)
    assert (await raise_alarm(home, tag="water 3"))["raised"] == 2


async def test_the_text_of_an_alarm_is_gone_a_day_after_its_end(
    home: HomeAssistant,
    account: MockConfigEntry,
    told: list[Event],
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    gateway: SimulatedGateway,
) -> None:
    """From what alarms keep; with it the page. Where texts are not kept, at the end."""
    alarms = account.runtime_data.alarms
    await raise_alarm(home, tag="gas", recipients=["notify.petro"])
    path = path_of(gateway, 0)
    await call(home, "acknowledge_alarm", tag="gas")
    home.config_entries.async_update_entry(account, options={CONF_KEEP_TEXT: False})
    await settled(home)
    await raise_alarm(home)
    await call(home, "clear_alarm", tag="water")
    assert [alarm.content.message for alarm in alarms] == ["Water in the cellar!", ""]
    freezer.tick(timedelta(hours=24, minutes=1))
    await alarms.work()
    await settled(home)
    rows = await account.runtime_data.delivery.database.read(
        lambda file: file.execute("SELECT * FROM alarms").fetchall()
    )
    assert list(alarms) == rows == []
    assert (await phone.get(path)).status == HTTPStatus.GONE


async def test_who_has_another_number_meanwhile_has_the_same_rights(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """A right is one to an entity, which stays."""
    await raise_alarm(home)
    subentry = account.subentries["petro"]
    home.config_entries.async_update_subentry(
        account, subentry, data={**subentry.data, "phone": "+380671119999"}
    )
    await settled(home)
    user = MockUser(name="Petro")
    user.add_to_hass(home)
    user.mock_policy({"entities": {"entity_ids": {"notify.petro": CONTROL}}})
    context = Context(user_id=user.id)
    answer = await call(home, "acknowledge_alarm", context, tag="water")
    assert answer["acknowledged_by"] == "Petro"


@pytest.mark.parametrize(
    ("petro", "named"), [({}, None), ({"read": True}, "Petro")], ids=["hidden", "seen"]
)
async def test_who_took_over_is_named_to_whom_may_see_them(
    home: HomeAssistant,
    account: MockConfigEntry,
    hass_read_only_user: MockUser,
    petro: dict[str, bool],
    named: str | None,
) -> None:
    """As on a card: not by the action either."""
    response = await raise_alarm(home, order="all_at_once")
    alarms = account.runtime_data.alarms
    await alarms.acknowledge(response["alarm_id"], "Petro", PETRO, Source.LINK)
    context = _may(hass_read_only_user, olena=CONTROL, petro=petro)
    answer = await call(home, "acknowledge_alarm", context, tag="water")
    assert answer["status"] == "acknowledged"
    assert answer["acknowledged_by"] == named
