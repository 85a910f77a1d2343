"""How an alarm is to ask, within what is allowed."""

from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.account import Account
from ..alarms.raised import (
    DEFAULT_QUIET_FOR,
    DEFAULT_ROUNDS,
    DEFAULT_WAIT,
    LONGEST_PLAN,
    LONGEST_QUIET,
    MAX_ROUNDS,
    MAX_WAIT,
    MIN_WAIT,
    Order,
    Person,
    Rules,
    Sms,
)
from ..delivery import Recipient
from ..exceptions import failure
from ..settings.public_url import public_url
from .lenient_fields import LenientFields, Shortcomings
from .outcomes import label

ATTR_ACKNOWLEDGE_TEXT: Final = "acknowledge_text"
ATTR_ORDER: Final = "order"
ATTR_QUIET_FOR: Final = "quiet_for"
ATTR_ROUNDS: Final = "rounds"
ATTR_SMS: Final = "sms"
ATTR_TELL_OTHERS: Final = "tell_others"
ATTR_WAIT: Final = "wait"

MAX_ACKNOWLEDGE_TEXT: Final = 40


def rules_of(fields: LenientFields, people: int) -> Rules:
    """Return how to ask, within what is allowed."""
    order = fields.read(ATTR_ORDER, Order, Order.ONE_BY_ONE)
    wait = fields.duration(ATTR_WAIT, DEFAULT_WAIT, MIN_WAIT, MAX_WAIT)
    asked = fields.read(ATTR_ROUNDS, vol.Coerce(int), DEFAULT_ROUNDS)
    turns = people if order is Order.ONE_BY_ONE else 1
    fitting = int(LONGEST_PLAN / (wait * max(turns, 1)))
    rounds = max(1, min(asked, MAX_ROUNDS, fitting))
    if rounds != asked:
        fields.shortcomings.add("alarm_out_of_range", field=ATTR_ROUNDS)
    return Rules(
        order=order,
        wait=wait,
        rounds=rounds,
        sms=fields.read(ATTR_SMS, Sms, Sms.LAST_ROUND),
        acknowledge_text=fields.text(ATTR_ACKNOWLEDGE_TEXT, MAX_ACKNOWLEDGE_TEXT),
        tell_others=fields.read(ATTR_TELL_OTHERS, cv.boolean, True),
        quiet_for=fields.duration(
            ATTR_QUIET_FOR, DEFAULT_QUIET_FOR, timedelta(0), LONGEST_QUIET
        ),
    )


def warn_of_senders(
    hass: HomeAssistant,
    account: Account,
    rules: Rules,
    people: list[tuple[Person, Recipient]],
    shortcomings: Shortcomings,
) -> None:
    """Note who cannot get an SMS, and that nobody can answer by a link."""
    without = [label(each) for _, each in people if each.sms_sender is None]
    if rules.sms is not Sms.AS_SET and without:
        shortcomings.add("alarm_without_sms_sender", recipients=", ".join(without))
    if public_url(hass) is None:
        shortcomings.errors.append(failure("no_public_url"))
