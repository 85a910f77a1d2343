"""The page by which people answer an alarm."""

import asyncio
from datetime import timedelta
from html import escape
from http import HTTPStatus
from io import BytesIO
import json
from pathlib import Path
import re
import sqlite3
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from yarl import URL

from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.const import (
    CONF_KEEP_TEXT,
    DOMAIN,
    EVENT_BUTTON_PRESSED,
)
from custom_components.inteltele.public import NotOpenError
from custom_components.inteltele.public.guesses import MAX_GUESSES
from custom_components.inteltele.storage import alarms as alarms_table
from custom_components.inteltele.storage.answer_links import Answer
from custom_components.inteltele.web import alarm_page
from custom_components.inteltele.web.page_texts import languages
from demo.simulated_gateway import SimulatedGateway

from ..alarms.calls import call, path_of, raise_alarm, sleep, types_of
from ..conftest import OLENA, PETRO, Phone, restart, settled

TRANSLATIONS: Final = Path(alarm_page.__file__).parents[1] / "translations"
YES: Final = {"answer": "acknowledge"}
NO: Final = {"answer": "decline"}
MINUTE: Final = timedelta(minutes=1)
I_WILL: Final = escape("I'll take care of it")
I_CANNOT: Final = escape("I can't")


@pytest.fixture(autouse=True)
async def _house_on_the_internet(
    home: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Give the house a public address, a name and a time."""
    home.config.external_url = "https://house.example.org"
    home.config.location_name = "Home & garden"
    await home.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to("2026-11-27 01:12:00+00:00")


@pytest.fixture
def presses(home: HomeAssistant) -> list[Event]:
    """Return the answers to buttons that the house hears."""
    return async_capture_events(home, EVENT_BUTTON_PRESSED)


async def _seen(phone: Phone, path: str) -> str:
    """Return a page that can be opened."""
    page = await phone.get(path)
    assert page.status == HTTPStatus.OK
    return await page.text()


async def _pressed(home: HomeAssistant, phone: Phone, path: str, data: Any) -> str:
    """Press a button, and return the page that comes."""
    page = await phone.post(path, data=data)
    assert page.status == HTTPStatus.OK
    text = await page.text()
    await settled(home)
    return text


def _buttons(page: str) -> list[tuple[str, str]]:
    """Return what buttons send and say."""
    return re.findall(r'<button name="answer" value="(\w+)"[^>]*>(.*?)</button>', page)


def _heading(page: str) -> str:
    """Return the heading of a page."""
    [heading] = re.findall(r"<h1>(.*?)</h1>", page)
    return str(heading)


def _status(account: MockConfigEntry) -> str:
    """Return how the only alarm stands."""
    [alarm] = account.runtime_data.alarms
    return str(alarm.status)


async def test_an_open_alarm_says_what_it_is_about_and_who_was_asked(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway
) -> None:
    """With a large button and a smaller one; all of it as text."""
    await raise_alarm(
        home,
        title="Water & <b>more</b>",
        message="In the <i>cellar</i>!\nNow",
        acknowledge_text="I'm <on> it",
        order="all_at_once",
        recipients=["notify.olena"],
        to=[PETRO, "+48601234567"],
    )
    page = await _seen(phone, path_of(gateway, 0))
    assert "<title>Home &amp; garden</title>" in page
    assert "Raised on 27 November 2026 at 03:12" in page
    assert "<strong>Water &amp; &lt;b&gt;more&lt;/b&gt;</strong>" in page
    assert "</strong>In the &lt;i&gt;cellar&lt;/i&gt;!\nNow</blockquote>" in page
    assert "Asked: Olena, Petro, +48…4567" in page
    assert _heading(page) == "Can you take care of it?"
    assert _buttons(page) == [
        ("acknowledge", escape("I'm <on> it")),
        ("decline", I_CANNOT),
    ]
    assert page.count('class="minor"') == 1
    assert "<script" not in page
    for private in ("1112233", "601234567", "inteltele", "notify."):
        assert private not in page


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_a_link_changes_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
    method: str,
) -> None:
    """Previews and scanners open links, too."""
    await raise_alarm(home)
    before = list(account.runtime_data.alarms)
    for _ in range(3):
        page = await phone.request(method, path_of(gateway))
        assert page.status == HTTPStatus.OK
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
    await settled(home)
    assert list(account.runtime_data.alarms) == before
    assert types_of(told) == ["raised", "asked"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        *(
            {"answer": text}
            for text in ("", "0", "1", "ACKNOWLEDGE", "acknowledge ", "on", "x" * 5000)
        ),
        {"acknowledge": "acknowledge"},
        {"answer": "", "email": "scanner@example.org"},
    ],
)
async def test_a_form_without_a_button_s_own_value_changes_nothing(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    data: dict[str, str],
) -> None:
    """A scanner may post what it finds, and the alarm can be answered after that."""
    await raise_alarm(home)
    path = path_of(gateway)
    page = await phone.post(path, data=data)
    assert page.status == HTTPStatus.BAD_REQUEST
    text = await page.text()
    assert _heading(text) == "Please press again"
    assert "Water in the cellar!" in text
    assert len(_buttons(text)) == 2
    assert _status(account) == "open"
    assert _heading(await _pressed(home, phone, path, YES)) == "You took over"
    page = await phone.post(path, data=data)
    assert page.status == HTTPStatus.OK
    assert _heading(await page.text()) == "You took over"


async def test_whoever_presses_takes_over_and_the_others_see_who_did(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
    presses: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """And since when. No second answer changes that."""
    await raise_alarm(home)
    await sleep(home, freezer, 4 * MINUTE)
    olena, petro = path_of(gateway, 0), path_of(gateway, 1)
    page = await _pressed(home, phone, petro, YES)
    assert _heading(page) == "You took over"
    assert "Since 27 November 2026 at 03:16." in page
    freezer.tick(10 * MINUTE)
    for page in (
        await _seen(phone, olena),
        await _pressed(home, phone, olena, YES),
        await _pressed(home, phone, olena, NO),
    ):
        assert _heading(page) == "Petro takes care of it"
        assert "Since 27 November 2026 at 03:16." in page
        assert "Water in the cellar!" in page
        assert _buttons(page) == []
        assert "Asked" not in page
    assert _heading(await _pressed(home, phone, petro, YES)) == "You took over"
    assert types_of(told) == ["raised", "asked", "asked", "acknowledged"]
    assert told[-1].data["source"] == "link"
    assert (told[-1].data["by"], told[-1].data["number"]) == ("Petro", PETRO)
    assert presses == []
    state = home.states.get("event.petro_delivery")
    assert state.attributes["event_type"] != "button_pressed"


async def test_only_the_first_of_several_takes_over(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway, told: list[Event]
) -> None:
    """Also where they press in the same moment."""
    await raise_alarm(home, order="all_at_once")
    links = [path_of(gateway, place) for place in (0, 1)]
    pages = await asyncio.gather(
        *(_pressed(home, phone, path, YES) for path in links * 3)
    )
    assert types_of(told).count("acknowledged") == 1
    headings = sorted(map(_heading, pages))
    assert headings[3:] == ["You took over"] * 3
    assert headings[0].endswith(" takes care of it")


async def test_the_answer_is_on_disk_before_the_page_says_so(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
) -> None:
    """As another process would read it in that moment."""
    await raise_alarm(home)
    await phone.post(path_of(gateway), data=YES)
    with sqlite3.connect(ledger_path(home, account.entry_id)) as file:
        [(_, state)] = alarms_table.load(file)
    assert json.loads(state)["status"] == "acknowledged"


async def test_a_full_disk_costs_no_answer(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is in memory counts: nobody else is asked."""
    await raise_alarm(home)
    database = account.runtime_data.delivery.database
    await database.read(lambda file: file.execute("PRAGMA query_only = ON").fetchall())
    page = await _pressed(home, phone, path_of(gateway), YES)
    assert _heading(page) == "You took over"
    freezer.tick(5 * MINUTE)
    await account.runtime_data.alarms.work()
    await settled(home)
    assert [message.number for message in gateway.messages] == [OLENA]
    await database.read(lambda file: file.execute("PRAGMA query_only = OFF").fetchall())
    await database.write(lambda _: None)
    await settled(home)


async def test_a_bare_number_takes_over_masked(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway, told: list[Event]
) -> None:
    """Others are not told more than they need to know whom to call."""
    await raise_alarm(
        home, recipients=[], to=["+48601234567", OLENA], order="all_at_once"
    )
    await _pressed(home, phone, path_of(gateway, 0), YES)
    assert told[-1].data["by"] == "+48…4567"
    page = await _seen(phone, path_of(gateway, 1))
    assert _heading(page) == "+48…4567 takes care of it"


async def test_who_takes_over_at_home_is_named_on_the_page(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway
) -> None:
    """Or nobody by name."""
    await raise_alarm(home)
    await call(home, "acknowledge_alarm", tag="water")
    page = await _seen(phone, path_of(gateway, 0))
    assert _heading(page) == "Somebody takes care of it"
    await raise_alarm(home, tag="gas", recipients=["notify.petro"])
    gas = path_of(gateway)
    await call(home, "acknowledge_alarm", tag="gas", by="The <b>neighbour</b>")
    page = await _seen(phone, gas)
    assert _heading(page) == "The &lt;b&gt;neighbour&lt;/b&gt; takes care of it"


async def test_whoever_cannot_lets_the_next_one_be_asked(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
) -> None:
    """At once, as often as it is pressed; and may take over after all."""
    await raise_alarm(home)
    olena = path_of(gateway)
    for _ in range(2):
        page = await _pressed(home, phone, olena, NO)
        assert _heading(page) == "Thanks for letting us know"
        assert _buttons(page) == [("acknowledge", I_WILL)]
    assert page == await _seen(phone, olena)
    assert [message.number for message in gateway.messages] == [OLENA, PETRO]
    assert types_of(told) == ["raised", "asked", "declined", "asked"]
    assert _heading(await _pressed(home, phone, olena, YES)) == "You took over"
    assert told[-1].data["by"] == "Olena"


async def test_a_link_of_an_earlier_round_still_answers(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever declines by it is thanked, and asked in the next round as before."""
    await raise_alarm(home, rounds=3)
    olena = path_of(gateway)
    await _pressed(home, phone, olena, NO)
    await sleep(home, freezer, 4 * MINUTE)
    assert [message.number for message in gateway.messages] == [OLENA, PETRO, OLENA]
    assert len(_buttons(await _seen(phone, olena))) == 2
    await sleep(home, freezer, 6 * MINUTE)
    page = await _pressed(home, phone, path_of(gateway, 1), NO)
    assert _heading(page) == "Thanks for letting us know"
    assert _status(account) == "open"
    assert _heading(await _pressed(home, phone, olena, YES)) == "You took over"


async def test_an_alarm_that_nobody_answered_can_be_taken_over_for_a_day(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Not declined any more; after that day it is gone."""
    await raise_alarm(home, rounds=1, quiet_for=0)
    path = path_of(gateway)
    await sleep(home, freezer, 7 * MINUTE)
    assert types_of(told)[-1] == "unanswered"
    for page in (await _seen(phone, path), await _pressed(home, phone, path, NO)):
        assert _heading(page) == "Nobody has answered"
        assert [value for value, _ in _buttons(page)] == ["acknowledge"]
        assert "Water in the cellar!" in page
    assert (await phone.post(path)).status == HTTPStatus.BAD_REQUEST
    freezer.tick(timedelta(hours=23))
    assert _heading(await _pressed(home, phone, path, YES)) == "You took over"
    assert types_of(told)[-1] == "acknowledged"


async def test_a_day_after_its_end_an_alarm_is_gone(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Before anybody cleans up, and after that; an answer counts no more."""
    await raise_alarm(home, rounds=1, quiet_for=0)
    path = path_of(gateway)
    await sleep(home, freezer, 7 * MINUTE)
    freezer.tick(timedelta(hours=24))
    for prepare in (settled, lambda home: restart(home, account)):
        await prepare(home)
        for page in (await phone.get(path), await phone.post(path, data=YES)):
            assert page.status == HTTPStatus.GONE
            text = await page.text()
            assert _heading(text) == "This link does not work"
            assert "garden" not in text
            assert "cellar" not in text
            assert "Olena" not in text
    assert types_of(told)[-1] == "unanswered"
    assert await call(home, "acknowledge_alarm", tag="water") == {"alarm_id": None}


async def test_an_alarm_that_was_cleared_is_over(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Until it is raised again."""
    await raise_alarm(home)
    path = path_of(gateway)
    await call(home, "clear_alarm", tag="water")
    for page in (await _seen(phone, path), await _pressed(home, phone, path, YES)):
        assert _heading(page) == "The alarm is over"
        assert _buttons(page) == []
    assert _status(account) == "cleared"
    await raise_alarm(home, message="Water again!")
    page = await _seen(phone, path)
    assert _heading(page) == "Can you take care of it?"
    assert "Water again!" in page


async def test_the_newest_text_stands_on_the_page(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway
) -> None:
    """Where it is raised again while it is open."""
    await raise_alarm(home, title="Water", message="5 cm")
    await raise_alarm(home, title="Flood", message="50 cm")
    page = await _seen(phone, path_of(gateway))
    assert "<strong>Flood</strong>50 cm<" in page


@pytest.fixture
def porch(home: HomeAssistant, tmp_path: Path) -> str:
    """Return a picture that may be sent."""
    path = tmp_path / "porch.jpg"
    Image.new("RGB", (800, 600), "teal").save(path)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    return str(path)


async def test_the_picture_is_on_the_page_while_the_alarm_is_open(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway, porch: str
) -> None:
    """In full where it is tapped, and no more after the end."""
    await raise_alarm(home, media={"media_content_id": porch})
    path = path_of(gateway)
    found = re.findall(r'(?:href|src)="([^"]+)"', await _seen(phone, path))
    pictures = [URL(path).join(URL(item)) for item in found]
    sizes = []
    for picture in pictures:
        response = await phone.get(picture)
        assert response.headers["Cache-Control"] == "no-store"
        sizes.append(Image.open(BytesIO(await response.read())).size)
    assert sizes == [(800, 600), (400, 300)]
    page = await _pressed(home, phone, path, YES)
    assert "<img" not in page
    for picture in pictures:
        assert (await phone.get(picture)).status == HTTPStatus.NOT_FOUND


async def test_where_texts_are_not_kept_the_text_goes_with_the_end(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """From the page and from the file, also where that was said after the end."""
    await raise_alarm(home, tag="before", message="The safe is shut.")
    before = path_of(gateway)
    await call(home, "acknowledge_alarm", tag="before")
    home.config_entries.async_update_entry(account, options={CONF_KEEP_TEXT: False})
    await settled(home)
    await raise_alarm(home, title="Safe", message="The safe is open.", rounds=1)
    path = path_of(gateway)
    assert "The safe is open." in await _seen(phone, path)
    await sleep(home, freezer, 7 * MINUTE)
    for link in (before, path):
        assert "safe" not in (await _seen(phone, link)).lower()
    assert "safe" not in (await _pressed(home, phone, path, YES)).lower()
    [_, alarm] = account.runtime_data.alarms
    assert alarm.content.message == ""


@pytest.mark.parametrize("language", languages())
async def test_the_page_speaks_the_phone_s_language(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway, language: str
) -> None:
    """Also on the button, where nobody chose its text."""
    await raise_alarm(home)
    path = path_of(gateway)
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text())["common"]

    async def seen(key: str) -> str:
        """Return the page, which has a heading of one kind."""
        asked = {"Accept-Language": language}
        page = await (await phone.get(path, headers=asked)).text()
        text = texts[f"page_alarm_{key}_heading"].format(by=texts["alarm_somebody"])
        assert _heading(page) == escape(text)
        assert f'<html lang="{language}">' in page
        return page

    assert [text for _, text in _buttons(await seen("open"))] == [
        escape(texts["page_alarm_acknowledge"]),
        escape(texts["page_alarm_decline"]),
    ]
    await phone.post(path, data=NO)
    await seen("declined")
    await call(home, "acknowledge_alarm", tag="water")
    await seen("theirs")


def test_the_page_s_words_are_those_of_what_is_sent() -> None:
    """One of them is in both places, for the house's language and the phone's."""
    for language in languages():
        texts = json.loads((TRANSLATIONS / f"{language}.json").read_text())["common"]
        assert texts["page_alarm_somebody"] == texts["alarm_somebody"]


async def test_a_link_goes_on_working(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    told: list[Event],
) -> None:
    """After a reload, a restart, and where the recipient was deleted."""
    await raise_alarm(home)
    path = path_of(gateway)
    await home.config_entries.async_reload(account.entry_id)
    await settled(home)
    assert len(_buttons(await _seen(phone, path))) == 2
    await restart(home, account)
    assert len(_buttons(await _seen(phone, path))) == 2
    home.config_entries.async_remove_subentry(account, "olena")
    await settled(home)
    assert "Asked: Olena" in await _seen(phone, path)
    assert _heading(await _pressed(home, phone, path, YES)) == "You took over"
    assert told[-1].data["by"] == "Olena"


async def test_who_has_another_number_meanwhile_is_still_the_same(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A question that went to the new number can be declined, and counts as theirs."""
    await raise_alarm(home)
    subentry = account.subentries["petro"]
    home.config_entries.async_update_subentry(
        account, subentry, data={**subentry.data, "phone": "+380671119999"}
    )
    await settled(home)
    await sleep(home, freezer, 4 * MINUTE)
    assert gateway.messages[1].number == "+380671119999"
    petro = path_of(gateway, 1)
    assert (
        _heading(await _pressed(home, phone, petro, NO)) == "Thanks for letting us know"
    )
    assert _buttons(await _seen(phone, petro)) == [("acknowledge", I_WILL)]
    assert _heading(await _pressed(home, phone, petro, YES)) == "You took over"


async def test_deleting_messages_keeps_what_an_open_alarm_asked(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
) -> None:
    """Question and link, until its end."""
    await raise_alarm(home)
    path = path_of(gateway)

    async def delete() -> int:
        """Have the messages to Olena forgotten."""
        response = await call(home, "delete_messages", recipient="notify.olena")
        return int(response["deleted"])

    assert await delete() == 0
    assert len(_buttons(await _seen(phone, path))) == 2
    await restart(home, account)
    assert _heading(await _pressed(home, phone, path, YES)) == "You took over"
    assert await delete() == 1
    assert (await phone.get(path)).status == HTTPStatus.NOT_FOUND


async def test_a_link_of_an_alarm_presses_no_button(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: Phone,
    gateway: SimulatedGateway,
    presses: list[Event],
) -> None:
    """Whoever asks for it: history and events know of no answer."""
    await raise_alarm(home)
    answers = account.runtime_data.answers
    [link] = answers._links.values()
    assert link.alarm is not None
    with pytest.raises(NotOpenError):
        await answers.press(link, Answer(action="acknowledge", text=""))
    await _pressed(home, phone, path_of(gateway), YES)
    response: Any = await home.services.async_call(
        DOMAIN, "get_messages", {}, blocking=True, return_response=True
    )
    [message] = response["messages"]
    assert "answer" not in message
    assert presses == []


async def test_guesses_are_counted_as_everywhere(
    home: HomeAssistant, phone: Phone, gateway: SimulatedGateway
) -> None:
    """Whoever has a link is answered all the same."""
    await raise_alarm(home)
    path = path_of(gateway)
    for _ in range(MAX_GUESSES):
        wrong = f"{path[:-1]}{'A' if path[-1] != 'A' else 'Q'}"
        assert (await phone.post(wrong, data=YES)).status == HTTPStatus.NOT_FOUND
    refused = await phone.post(wrong, data=YES)
    assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
    assert _heading(await _pressed(home, phone, path, YES)) == "You took over"
