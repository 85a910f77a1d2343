"""Buttons that act at home: links in messages, pages behind them, and answers."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from html import escape
from http import HTTPStatus
from io import BytesIO
import json
from pathlib import Path
import re
import sqlite3
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_URL
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from yarl import URL

from custom_components.inteltele.account.account import ledger_path
from custom_components.inteltele.care.issues import NO_PUBLIC_URL, AccountIssue
from custom_components.inteltele.const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_BUTTON_PRESSED,
)
from custom_components.inteltele.public import NotOpenError
from custom_components.inteltele.public.guesses import MAX_GUESSES
from custom_components.inteltele.web import answer_pages as views
from custom_components.inteltele.web.page_texts import languages
from demo.simulated_gateway import SimulatedGateway

from ..conftest import OLENA, PETRO, Damage, restart, settled, stop

TRANSLATIONS = Path(views.__file__).parents[1] / "translations"
HOUSE = "https://house.example.org"
ANSWERS = [
    {"action": "open_gate", "text": "Open gate"},
    {"action": "ignore", "text": "Ignore <it>"},
]
ONE = {"button_text": "Open gate", "button_action": "open_gate"}
SEVERAL = {"button_text": "Answer", "answers": ANSWERS}

type ClientGenerator = Callable[[], Coroutine[Any, Any, TestClient[Any, Any]]]


@pytest.fixture(autouse=True)
def _house_on_the_internet(home: HomeAssistant) -> None:
    """Give the house a public address."""
    home.config.external_url = HOUSE
    home.config.location_name = "Home & garden"


@pytest.fixture
def presses(home: HomeAssistant) -> list[Event]:
    """Return the answers that the house hears."""
    return async_capture_events(home, EVENT_BUTTON_PRESSED)


@pytest.fixture
async def phone(
    account: MockConfigEntry, hass_client_no_auth: ClientGenerator
) -> TestClient[Any, Any]:
    """Return what a phone is to the house: somebody without a login."""
    return await hass_client_no_auth()


async def _send(home: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Send a message and return the response."""
    response: Any = await home.services.async_call(
        DOMAIN,
        "send_message",
        {"message": "Somebody is at the gate.", "entity_id": "notify.olena"} | fields,
        blocking=True,
        return_response=True,
    )
    return dict(response)


def _paths(gateway: SimulatedGateway) -> list[str]:
    """Return the paths behind the buttons of all messages."""
    return [URL(message.button_link or "").path for message in gateway.messages]


async def test_each_recipient_gets_a_link_of_its_own(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """At the house's public address, short enough for an SMS."""
    await _send(home, entity_id=["notify.olena", "notify.petro"], **ONE)
    links = {message.button_link for message in gateway.messages}
    assert len(links) == 2
    for link in links:
        assert re.fullmatch(rf"{HOUSE}/api/inteltele/a/[\w-]{{22}}", link or "")
    assert {message.button_text for message in gateway.messages} == {"Open gate"}


async def test_a_fallback_carries_the_link(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """So an SMS can be answered, too."""
    await _send(home, entity_id="notify.petro", **ONE)
    [request] = [item for item in gateway.requests if item.path == "/im/send/"]
    assert request.parameters["sms_message"].endswith(
        request.parameters["im_button_link"]
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_a_link_changes_nothing(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    method: str,
) -> None:
    """Previews and scanners open links, too."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    for _ in range(3):
        response = await phone.request(method, path)
        assert response.status == HTTPStatus.OK
    await home.async_block_till_done()
    assert presses == []


async def test_a_press_is_told(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    account: MockConfigEntry,
) -> None:
    """As an event, with whom the link was sent to."""
    response = await _send(home, **SEVERAL)
    [path] = _paths(gateway)
    page = await phone.post(path, data={"answer": "1"})
    assert page.status == HTTPStatus.OK
    assert "Home &amp; garden has been told: Ignore &lt;it&gt;" in await page.text()
    await home.async_block_till_done()
    [press] = presses
    assert press.data.pop("device_id")
    assert press.data == {
        "entry_id": account.entry_id,
        "action": "ignore",
        "id": response["messages"][0]["id"],
        "message_id": response["messages"][0]["message_id"],
        "channel": "viber",
        "number": OLENA,
        "recipient": "Olena",
    }
    state = home.states.get("event.olena_delivery")
    assert state.attributes["event_type"] == "button_pressed"
    assert state.attributes["action"] == "ignore"


async def test_a_link_is_used_once(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
) -> None:
    """Another press says what was answered, and changes nothing."""
    await _send(home, **SEVERAL)
    [path] = _paths(gateway)
    pages = await asyncio.gather(
        *(phone.post(path, data={"answer": "0"}) for _ in range(5))
    )
    texts = [await page.text() for page in pages]
    await home.async_block_till_done()
    assert len(presses) == 1
    assert sum("has been told" in text for text in texts) == 1
    assert sum("Already answered" in text for text in texts) == 4
    again = await phone.get(path)
    assert "was: Open gate." in await again.text()
    assert "<button" not in await again.text()
    assert "Somebody is at the gate." not in await again.text()


async def test_what_is_not_open_takes_no_answer(
    home: HomeAssistant, account: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever brings it: neither one that was used, nor one whose time is over."""
    await _send(home, entity_id=["notify.olena", "notify.petro"], **ONE)
    answers = account.runtime_data.answers
    used, over = answers._links.values()
    await answers.press(used, used.answers[0])
    freezer.tick(timedelta(hours=25))
    for link in (used, over):
        with pytest.raises(NotOpenError):
            await answers.press(link, link.answers[0])


async def test_the_page_is_sealed(
    home: HomeAssistant, phone: TestClient[Any, Any], gateway: SimulatedGateway
) -> None:
    """Nobody may frame it, keep it, index it, or learn its address."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    headers = (await phone.get(path)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    ("buttons", "heading", "labels"),
    [
        (ONE, "Open gate?", ["Open gate"]),
        (SEVERAL, "Your answer", ["Open gate", "Ignore &lt;it&gt;"]),
    ],
)
async def test_the_page_says_what_will_happen(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    buttons: dict[str, Any],
    heading: str,
    labels: list[str],
) -> None:
    """With a button for each answer, and without a script."""
    await _send(home, **buttons)
    [path] = _paths(gateway)
    text = await (await phone.get(path)).text()
    assert f"<h1>{heading}</h1>" in text
    assert "Tap to send your answer to Home &amp; garden." in text
    assert re.findall(r"<button[^>]*>(.*?)</button>", text) == labels
    assert "<script" not in text


@pytest.mark.parametrize(
    ("accept_language", "house_speaks", "language"),
    [
        ("", "en", "en"),
        ("xx, en-GB;q=0.5", "uk", "en"),
        ("tlh;q=x, *", "en", "en"),
        ("uk", "en", "uk"),
        ("ru-UA,ru;q=0.9", "uk", "ru"),
        ("de-AT", "en", "de"),
        ("pl;q=0.3, uk;q=0.8", "en", "uk"),
        ("pl;q=0, de;q=0.0", "ru", "ru"),
        ("ja", "uk", "uk"),
        ("ja", "ja", "en"),
    ],
)
async def test_the_page_speaks_the_phone_s_language(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    accept_language: str,
    house_speaks: str,
    language: str,
) -> None:
    """Or the house's, where it asks for none that we speak, or English."""
    home.config.language = house_speaks
    await _send(home, **ONE)
    [path] = _paths(gateway)
    page = await phone.get(path, headers={"Accept-Language": accept_language})
    assert page.headers["Content-Language"] == language
    text = await page.text()
    assert f'<html lang="{language}">' in text
    file = TRANSLATIONS / f"{language}.json"
    [heading, explanation] = (
        json.loads(file.read_text())["common"][f"page_answer_one_{part}"]
        for part in ("heading", "text")
    )
    assert f"<h1>{heading.format(answer='Open gate')}</h1>" in text
    assert escape(explanation.format(house="Home & garden")) in text


@pytest.mark.parametrize(
    "data",
    [
        {},
        *(
            {"answer": text}
            for text in ("", "2", "-1", "x", "\u0660", "9" * 50, "0" + "x" * 5000)
        ),
    ],
)
async def test_an_unclear_press_changes_nothing(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    data: dict[str, str],
) -> None:
    """And it may be pressed again."""
    await _send(home, **SEVERAL)
    [path] = _paths(gateway)
    assert (await phone.post(path, data=data)).status == HTTPStatus.BAD_REQUEST
    await home.async_block_till_done()
    assert presses == []
    assert (await phone.post(path, data={"answer": "0"})).status == HTTPStatus.OK


async def test_a_broken_form_changes_nothing(
    home: HomeAssistant, phone: TestClient[Any, Any], gateway: SimulatedGateway
) -> None:
    """Nor is it a traceback."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    page = await phone.post(
        path,
        data=b"--x\r\nbroken",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert page.status == HTTPStatus.BAD_REQUEST


async def test_a_link_ends_with_its_time(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And tells whoever comes too late when that was, also after a restart."""
    await home.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to("2026-11-27 12:00:00+00:00")
    await _send(home, button_valid={"minutes": 10}, **ONE)
    [path] = _paths(gateway)
    freezer.tick(timedelta(minutes=10, seconds=1))
    for page in (
        await phone.get(path),
        await phone.post(path, data={"answer": "0"}),
        await phone.post(path),
    ):
        assert page.status == HTTPStatus.GONE
        text = await page.text()
        assert "ended on 27 November 2026 at 14:10. Nobody pressed" in text
        assert "<button" not in text
        assert "Somebody is at the gate." not in text
    await restart(home, account)
    freezer.tick(timedelta(days=29))
    await account.runtime_data.delivery.prune()
    assert (await phone.get(path)).status == HTTPStatus.GONE
    assert presses == []


async def test_a_link_that_is_long_over_tells_nothing(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is as unknown as one that never was."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    freezer.tick(timedelta(days=32))
    await restart(home, account)
    for page in (await phone.get(path), await phone.post(path, data={"answer": "0"})):
        assert page.status == HTTPStatus.NOT_FOUND
        assert "This link does not work" in await page.text()


@pytest.mark.parametrize("language", languages())
def test_every_language_has_twelve_months(language: str) -> None:
    """In one text, parted by commas."""
    common = json.loads((TRANSLATIONS / f"{language}.json").read_text())["common"]
    assert len(set(common["page_months"].split(", "))) == 12


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("en", "on 1 March 2026 at 09:05"),
        ("de", "am 1. März 2026 um 09:05 Uhr"),
        ("pl", "(1 marca 2026 o 09:05)"),
        ("ru", "(1 марта 2026 г. в 09:05)"),  # noqa: RUF001
        ("uk", "(1 березня 2026 р. о 09:05)"),  # noqa: RUF001
    ],
)
async def test_a_used_link_says_when_it_was_answered(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
    language: str,
    moment: str,
) -> None:
    """By the house's clock, as the phone's language writes it, also much later."""
    await home.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to("2026-03-01 07:05:00+00:00")
    await _send(home, **ONE)
    [path] = _paths(gateway)
    await phone.post(path, data={"answer": "0"})
    freezer.tick(timedelta(days=20))
    page = await phone.get(path, headers={"Accept-Language": language})
    assert page.status == HTTPStatus.OK
    assert moment in await page.text()


async def test_an_open_page_repeats_the_question(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """With its title and its time, also where a press was unclear."""
    await home.config.async_set_time_zone("Europe/Kyiv")
    freezer.move_to("2026-11-27 12:00:00+00:00")
    await _send(home, title="Door & bell", message="Who <b>is</b> it?\nNow", **ONE)
    [path] = _paths(gateway)
    for page in (await phone.get(path), await phone.post(path)):
        text = await page.text()
        assert "Home &amp; garden wrote on 27 November 2026 at 14:00:" in text
        assert (
            "<strong>Door &amp; bell</strong>Who &lt;b&gt;is&lt;/b&gt; it?\nNow" in text
        )
        assert "<title>Home &amp; garden</title>" in text
        assert "<img" not in text


@pytest.fixture
def porch(home: HomeAssistant, tmp_path: Path) -> str:
    """Return a picture that may be sent."""
    path = tmp_path / "porch.jpg"
    Image.new("RGB", (800, 600), "teal").save(path)
    home.config.allowlist_external_dirs = {str(tmp_path)}
    return str(path)


async def _sizes(phone: TestClient[Any, Any], path: str) -> list[tuple[int, int]]:
    """Return the sizes of the pictures that an answer page shows."""
    page = await (await phone.get(path)).text()
    found = re.findall(r'(?:href|src)="([^"]+)"', page)
    pictures = [await phone.get(URL(path).join(URL(item))) for item in found]
    return [Image.open(BytesIO(await item.read())).size for item in pictures]


async def test_an_open_page_shows_the_picture_of_the_question(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    porch: str,
) -> None:
    """In full where it is tapped, and no more once it is answered."""
    await _send(home, media=porch, **ONE)
    [path] = _paths(gateway)
    assert await _sizes(phone, path) == [(800, 600), (400, 300)]
    pictures = [f"{path}/picture/{size}" for size in ("small", "full")]
    for picture in pictures:
        head = await phone.head(picture)
        assert head.status == HTTPStatus.OK
        assert head.headers["Cache-Control"] == "no-store"
    assert presses == []
    await phone.post(path, data={"answer": "0"})
    assert await _sizes(phone, path) == []
    for picture in pictures:
        assert (await phone.get(picture)).status == HTTPStatus.NOT_FOUND
    unknown = "/api/inteltele/a/AAAAAAAAAAAAAAAAAAAAAA/picture/small"
    assert (await phone.get(unknown)).status == HTTPStatus.NOT_FOUND


async def test_a_picture_whose_time_is_over_leaves_no_hole(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    porch: str,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The question stays."""
    await _send(home, media=porch, button_valid={"days": 3}, **ONE)
    [path] = _paths(gateway)
    freezer.tick(timedelta(days=2))
    assert await _sizes(phone, path) == []
    assert "Somebody is at the gate." in await (await phone.get(path)).text()


async def test_a_page_opens_also_where_the_file_cannot_be_read(
    home: HomeAssistant,
    account: MockConfigEntry,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    damage: Damage,
) -> None:
    """Without the question, but with its buttons."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    await damage("messages", "hidden")
    page = await (await phone.get(path)).text()
    assert "<button" in page
    assert "Somebody is at the gate." not in page


async def test_a_message_does_not_arrive_after_its_button(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Its time to live ends with the button's."""
    await _send(home, button_valid={"minutes": 10}, **ONE)
    [request] = [item for item in gateway.requests if item.path == "/im/send/"]
    assert request.parameters["im_ttl"] == "600"


async def test_a_link_survives_a_restart(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    account: MockConfigEntry,
) -> None:
    """And so does that it was used."""
    await _send(home, entity_id=["notify.olena", "notify.petro"], **ONE)
    unused, used = _paths(gateway)
    await phone.post(used, data={"answer": "0"})
    await restart(home, account)
    assert "Already answered" in await (await phone.get(used)).text()
    assert "<button" in await (await phone.get(unused)).text()
    await phone.post(unused, data={"answer": "0"})
    await home.async_block_till_done()
    assert {press.data["number"] for press in presses} == {OLENA, PETRO}


async def test_tokens_are_kept_as_fingerprints_only(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """Whoever reads the file cannot answer."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    token = path.rpartition("/")[2]
    await stop(home, account)
    for file in ledger_path(home, account.entry_id).parent.glob("inteltele.*"):
        assert token.encode() not in file.read_bytes()


async def test_the_use_is_on_disk_before_it_is_told(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    account: MockConfigEntry,
) -> None:
    """A power cut right after the event must not make the link usable again."""
    seen: list[Any] = []

    def look(_: Event) -> None:
        """Read the file as another process would."""
        with sqlite3.connect(ledger_path(home, account.entry_id)) as file:
            seen.extend(file.execute("SELECT answered_at FROM answer_links"))

    home.bus.async_listen(EVENT_BUTTON_PRESSED, look)
    await _send(home, **ONE)
    [path] = _paths(gateway)
    await phone.post(path, data={"answer": "0"})
    await home.async_block_till_done()
    [[answered_at]] = seen
    assert answered_at is not None


async def test_a_full_disk_lets_it_be_pressed_again(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    presses: list[Event],
    account: MockConfigEntry,
) -> None:
    """Nothing is told that could be told twice."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    database = account.runtime_data.delivery.database
    await database.write(lambda db: db.execute("PRAGMA query_only = ON"))
    page = await phone.post(path, data={"answer": "0"})
    assert page.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "could not save your answer" in await page.text()
    assert presses == []
    await database.read(lambda db: db.execute("PRAGMA query_only = OFF"))
    await phone.post(path, data={"answer": "0"})
    await home.async_block_till_done()
    assert len(presses) == 1


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("answer", "/api/inteltele/a/{token}"),
        ("picture", "/api/inteltele/picture/{token}.jpg"),
        ("full picture", "/api/inteltele/picture/{token}/full.png"),
    ],
)
async def test_guesses_find_nothing_and_do_not_lock_a_valid_link_out(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
    caplog: pytest.LogCaptureFixture,
    target: str,
    path: str,
) -> None:
    """Never 401, by which Home Assistant would ban the address."""
    await _send(home, **ONE)
    [valid] = _paths(gateway)
    token = valid.rpartition("/")[2]
    mangled = [token[:-1], token + "A", token.swapcase(), token[::-1], "..%2f" + token]
    guesses = [f"{number:022d}" for number in range(700 - len(mangled))]
    statuses = [
        (await phone.get(URL(path.format(token=guess), encoded=True))).status
        for guess in (*mangled, *guesses)
    ]
    # Home Assistant itself refuses an address that climbs out of its folder.
    assert statuses.count(HTTPStatus.BAD_REQUEST) == 1
    assert set(statuses) - {HTTPStatus.BAD_REQUEST} == {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
    assert statuses.count(HTTPStatus.NOT_FOUND) <= MAX_GUESSES + len(mangled), target
    assert (await phone.get(valid)).status == HTTPStatus.OK
    assert "Traceback" not in caplog.text
    assert "banned" not in caplog.text.casefold()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(
    phone: TestClient[Any, Any], method: str
) -> None:
    """There is nothing to change but the answer."""
    response = await phone.request(method, "/api/inteltele/a/x")
    assert response.status == HTTPStatus.METHOD_NOT_ALLOWED


async def test_without_a_public_address_the_text_is_sent_and_the_action_fails(
    home: HomeAssistant, account: MockConfigEntry, gateway: SimulatedGateway
) -> None:
    """A repairs issue tells how to get one."""
    home.config.external_url = None
    with pytest.raises(Exception, match="not reachable from the internet"):
        await home.services.async_call(
            DOMAIN,
            "send_message",
            {"message": "Water!", "entity_id": "notify.olena"} | ONE,
            blocking=True,
        )
    [message] = gateway.messages
    assert (message.text, message.button_text) == ("Water!", None)
    assert ir.async_get(home).async_get_issue(DOMAIN, NO_PUBLIC_URL)


async def test_a_response_warns_of_a_missing_public_address(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """The issue goes as soon as there is one."""
    home.config.external_url = None
    response = await _send(home, **ONE)
    assert response["messages"][0]["status"] == "sent"
    assert "not reachable from the internet" in response["warnings"][0]
    await home.config.async_update(external_url=HOUSE)
    await home.async_block_till_done()
    assert ir.async_get(home).async_get_issue(DOMAIN, NO_PUBLIC_URL) is None


async def test_plain_http_is_warned_of(
    home: HomeAssistant, account: MockConfigEntry
) -> None:
    """Here the gateway is asked unencrypted; an issue says what that means."""
    response = await _send(home, **ONE)
    assert "sent unencrypted" in response["warnings"][0]
    issue_id = f"{AccountIssue.ANSWERS_UNENCRYPTED}_{account.entry_id}"
    assert ir.async_get(home).async_get_issue(DOMAIN, issue_id)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (ONE | {"button_url": "https://a.example"}, "Fill in only one of"),
        (ONE | {"answers": ANSWERS}, "Fill in only one of"),
        ({"button_action": "open_gate"}, '"Button text" is empty'),
        ({"button_action": "x", "button_text": " "}, '"Button text" is empty'),
        ({"button_text": "Open"}, '"Button link" is empty'),
        ({"button_text": "Open", "button_action": " "}, 'Each of the "Answers"'),
        ({"button_text": "Open", "answers": []}, 'There are 0 in "Answers"'),
        ({"button_text": "Open", "answers": ANSWERS * 3}, 'There are 6 in "Answers"'),
        (
            {"button_text": "Open", "answers": [{"action": "x" * 101, "text": "x"}]},
            "at most 100 characters",
        ),
        (ONE | {"button_valid": {"seconds": 59}}, '"Button valid for" must'),
        (ONE | {"button_valid": {"days": 31}}, '"Button valid for" must'),
        ({"wait_for": "answered"}, "nobody can answer"),
        ({"image": "https://a.example/a.jpg", "media": "camera.a"}, "not both"),
    ],
)
async def test_bad_buttons_are_refused_before_anything_is_sent(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    """With a sentence that names the field and the rule."""
    with pytest.raises(ServiceValidationError) as caught:
        await _send(home, **fields)
    assert sentence in str(caught.value)
    assert gateway.requests == []


async def test_an_answer_of_somebody_without_an_entity_is_in_activity(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    gateway: SimulatedGateway,
) -> None:
    """With the number masked, and without the words of the button."""
    lines = async_capture_events(home, EVENT_ACTIVITY)
    await _send(home, entity_id=[], to=["+380671112299"], **ONE)
    [path] = _paths(gateway)
    await phone.post(path, data={"answer": "0"})
    await home.async_block_till_done()
    [line] = [line for line in lines if line.data["type"] == "answered"]
    assert line.data == {
        "entry_id": "account",
        "device_id": None,
        "recipient": "+380…2299",
        "type": "answered",
        "action": "open_gate",
        "seconds": None,
        "reason": None,
    }


async def test_forgotten_messages_take_their_links_with_them(
    home: HomeAssistant, phone: TestClient[Any, Any], gateway: SimulatedGateway
) -> None:
    """Nothing of the person is kept."""
    await _send(home, **ONE)
    [path] = _paths(gateway)
    await home.services.async_call(
        DOMAIN, "delete_messages", {"recipient": "notify.olena"}, blocking=True
    )
    assert (await phone.get(path)).status == HTTPStatus.NOT_FOUND


async def test_a_message_that_waited_arrives_before_its_button_ends(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What it lost in waiting is taken off its time to live."""
    gateway.settings.allowed_ips = ("10.0.0.1",)
    response = await _send(home, button_valid={"minutes": 10}, **ONE)
    assert response["messages"][0]["status"] == "queued"
    gateway.settings.allowed_ips = ("127.0.0.1",)
    freezer.tick(timedelta(minutes=4))
    await account.runtime_data.delivery.outbox.work()
    await settled(home)
    [*_, request] = [item for item in gateway.requests if item.path == "/im/send/"]
    assert request.parameters["im_ttl"] == "360"


async def test_a_message_is_not_sent_after_its_button(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """However long it may be tried."""
    gateway.settings.allowed_ips = ("10.0.0.1",)
    await _send(home, button_valid={"minutes": 2}, retry_for={"hours": 1}, **ONE)
    gateway.settings.allowed_ips = ("127.0.0.1",)
    freezer.tick(timedelta(minutes=1, seconds=1))
    await account.runtime_data.delivery.outbox.work()
    assert gateway.messages == []
    assert home.states.get("sensor.olena_last_message") is not None
    [message] = await account.runtime_data.ledger.history(None, None, 1)
    assert (message.status, message.reason) == ("failed", "ip_not_allowed")


async def test_a_button_that_cannot_be_written_goes_all_the_same(
    home: HomeAssistant,
    phone: TestClient[Any, Any],
    account: MockConfigEntry,
    gateway: SimulatedGateway,
) -> None:
    """The alarm comes first; an answer counts once it can be kept."""
    database = account.runtime_data.delivery.database
    await database.read(lambda db: db.execute("PRAGMA query_only = ON").fetchall())
    await _send(home, **ONE)
    [path] = _paths(gateway)
    refused = await phone.post(path, data={"answer": "0"})
    assert refused.status == HTTPStatus.SERVICE_UNAVAILABLE
    await database.read(lambda db: db.execute("PRAGMA query_only = OFF").fetchall())
    taken = await phone.post(path, data={"answer": "0"})
    assert taken.status == HTTPStatus.OK


async def test_with_encryption_on_both_ways_nothing_is_warned_of(
    home: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Here the gateway cannot be reached, so the message waits."""
    entry.add_to_hass(home)
    home.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_URL: "https://127.0.0.1:1"}
    )
    assert await home.config_entries.async_setup(entry.entry_id)
    response = await _send(home, **ONE)
    assert response["messages"][0]["status"] == "queued"
    assert response["warnings"] == []


async def test_links_that_are_long_over_are_forgotten_at_the_next_start(
    home: HomeAssistant,
    account: MockConfigEntry,
    gateway: SimulatedGateway,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing of them stays in the file, once they had time to tell so."""
    await _send(home, **ONE)
    freezer.tick(timedelta(days=32))
    await restart(home, account)
    with sqlite3.connect(ledger_path(home, account.entry_id)) as file:
        assert file.execute("SELECT count(*) FROM answer_links").fetchone() == (0,)
    assert len(account.runtime_data.answers) == 0


async def test_links_that_are_long_over_are_forgotten_at_the_start(
    home: HomeAssistant,
    account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The disk keeps only those that were answered."""
    await _send(home, **ONE)
    await _send(home, message="And now?", **SEVERAL)
    answers = account.runtime_data.answers
    link = next(iter(answers._links.values()))
    await answers.press(link, link.answers[0])
    freezer.tick(timedelta(days=32))
    await restart(home, account)
    assert len(account.runtime_data.answers) == 0
    kept = await account.runtime_data.delivery.database.read(
        lambda connection: connection.execute(
            "SELECT fingerprint FROM answer_links"
        ).fetchall()
    )
    assert kept == [(link.fingerprint,)]
