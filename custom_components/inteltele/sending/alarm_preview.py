"""What an alarm would do: whom it would ask, when, by which way, and for how much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from homeassistant.auth.models import User
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType

from ..account.account import Account
from ..alarms.forecast import Foreseen
from ..alarms.raised import Raised
from ..const import ATTR_WAIT_FOR
from ..exceptions import failure, invalid_input
from ..public import PLACEHOLDER, HostedPicture
from ..storage.message import Channel
from .alarm_actions import WAIT_FOR_ENDED
from .alarm_people import ATTR_RECIPIENTS
from .alarm_rights import check_known
from .previewed import (
    Previewed,
    async_ask_prices,
    async_warnings,
    notices_of,
    shortfalls_of,
    within_limits,
)
from .raising import KNOWN_FIELDS, MAX_WARNINGS, Wanted, async_wanted


def is_of_alarm(data: Mapping[str, Any], of_message: frozenset[str]) -> bool:
    """Return whether some fields are of an alarm, and not of a message."""
    own = KNOWN_FIELDS - of_message
    return not own.isdisjoint(data) or data.get(ATTR_WAIT_FOR) == WAIT_FOR_ENDED


def as_of_alarm(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an alarm: who would get a message is who is asked."""
    fields = dict(data)
    chosen = fields.pop(ATTR_ENTITY_ID, None)
    if chosen is not None:
        fields.setdefault(ATTR_RECIPIENTS, chosen)
    return fields


async def async_preview_alarm(call: ServiceCall, user: User | None) -> JsonObjectType:
    """Return what raising an alarm with the same fields would do; nothing leaves.

    Raises what raising it would raise for want of rights or of an account.
    """
    wanted = await async_wanted(call, user)
    errors = [_of_preview(err) for err in wanted.shortcomings.errors[:MAX_WARNINGS]]
    if check_known(call, user, wanted) is not None:
        errors.append(failure("preview_alarm_goes_on"))
    account = wanted.account
    plan = account.alarms.forecast(_with_picture(wanted))
    if not plan:
        errors.append(invalid_input("alarm_nobody_to_ask"))
    asked = [each for each in plan if each.composed is not None]
    rows = [_previewed(account, each) for each in asked]
    errors += await async_ask_prices(rows)
    allowed = within_limits(account, rows, urgent=True)
    return {
        "messages": [
            _person(call.hass, account, questions)
            for questions in _by_person(plan).values()
        ],
        "plan": [
            {
                "after": each.after,
                "recipient": each.recipient.name,
                "number": each.number,
                "round": each.round,
                "channel": each.channel,
            }
            for each in asked
        ],
        "most": _most(rows),
        "warnings": await async_warnings(
            call.hass,
            notices_of([account], allowed),
            [*errors, *shortfalls_of([account], allowed)],
        ),
    }


def _of_preview(err: HomeAssistantError) -> HomeAssistantError:
    """Return what is amiss in words for what was not sent yet."""
    if err.translation_key == "no_public_url":
        return failure("preview_no_public_url")
    return err


def _by_person(plan: Sequence[Foreseen]) -> dict[str, list[Foreseen]]:
    """Return the questions to each number, in order."""
    found: dict[str, list[Foreseen]] = {}
    for each in plan:
        found.setdefault(each.number, []).append(each)
    return found


def _with_picture(wanted: Wanted) -> Raised:
    """Return what is wanted with its picture, which nobody takes."""
    if wanted.media is None:
        return wanted.raised
    picture = HostedPicture(token=PLACEHOLDER, extension="jpg")
    content = wanted.raised.content
    content = content.with_picture(picture.file_name, picture.small_path)
    return replace(wanted.raised, content=content)


def _previewed(account: Account, foreseen: Foreseen) -> Previewed:
    """Return a question as the preview of a message."""
    return Previewed(
        account=account,
        recipient=foreseen.recipient,
        composed=foreseen.composed,
        passed_over=foreseen.why_not,
    )


def _person(
    hass: HomeAssistant, account: Account, questions: Sequence[Foreseen]
) -> JsonObjectType:
    """Return what one person would get: the first question by each way."""
    by_way: dict[Channel, Foreseen] = {}
    for each in questions:
        by_way.setdefault(each.channel, each)
    ways = [way for each in by_way.values() for way in _ways(account, each)]
    return _previewed(account, questions[0]).as_json(hass, ways)


def _ways(account: Account, foreseen: Foreseen) -> Iterator[JsonObjectType]:
    """Yield how a question goes out, by the time since the alarm was raised."""
    for way in _previewed(account, foreseen).ways():
        after = way["after"]
        yield way | {
            "after": foreseen.after + after if isinstance(after, int) else None
        }


def _most(rows: Sequence[Previewed]) -> JsonObjectType:
    """Return what an alarm takes where nobody answers.

    The price is that of its SMS, null where it has none, or one has no known price.
    """
    by_sms = [row for row in rows if row.composed and row.composed.sms_parts]
    prices = [price for row in by_sms if (price := row.price)]
    known = bool(prices) and len(prices) == len(by_sms)
    return {
        "messages": len(rows),
        "sms_parts": sum(row.composed.use.parts for row in rows if row.composed),
        "price": {
            "lowest": float(sum(lowest for lowest, _ in prices)),
            "highest": float(sum(highest for _, highest in prices)),
        }
        if known
        else None,
    }
