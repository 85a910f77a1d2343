"""Whom an alarm asks, when, and what ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.inteltele.alarms import blocking, endings, escalation, times
from custom_components.inteltele.alarms.alarm import Source
from custom_components.inteltele.alarms.questions import Standing
from custom_components.inteltele.alarms.raised import Order, Rules, Sms
from custom_components.inteltele.alarms.record import read, written

from .model import MARIIA, MINUTE, OLENA, PETRO, SECOND, World

ALL_AT_ONCE = Rules(order=Order.ALL_AT_ONCE)
LINE_DOWN = (Standing.WAITING, "cannot_connect")
NO_MONEY = (Standing.BLOCKED, "low_balance")


def test_one_is_asked_after_the_other() -> None:
    """Each three minutes after the gateway took the question before, in two rounds."""
    world = World()
    world.sleep(timedelta(hours=1))
    assert world.when == [
        (0, OLENA),
        (180, PETRO),
        (360, MARIIA),
        (540, OLENA),
        (720, PETRO),
        (900, MARIIA),
    ]
    assert world.types == ["unanswered"]
    assert world.told[-1].at == world.asked[-1][0] + 3 * MINUTE


def test_the_last_round_goes_by_sms() -> None:
    """Who did not hear a Viber message may hear that."""
    world = World(people=1)
    world.sleep(timedelta(hours=1))
    assert [ask.channel for _, _, ask in world.asked] == ["viber", "sms"]
    assert not any(ask.sms_soon for _, _, ask in world.asked)


def test_an_only_round_gets_an_sms_after_a_minute() -> None:
    """It is the first one as well."""
    world = World(people=1, rules=Rules(rounds=1))
    assert [(ask.channel, ask.sms_soon) for _, _, ask in world.asked] == [
        ("viber", True)
    ]


@pytest.mark.parametrize(("sms", "ways"), [("as_set", "viber"), ("always", "sms")])
def test_all_rounds_may_go_one_way(sms: str, ways: str) -> None:
    """As it was asked for."""
    world = World(people=1, rules=Rules(sms=Sms(sms)))
    world.sleep(timedelta(hours=1))
    assert [ask.channel for _, _, ask in world.asked] == [ways, ways]


def test_all_can_be_asked_at_once() -> None:
    """Smoke does not wait; a round lasts as long as the gateway takes, and the wait."""
    world = World(rules=ALL_AT_ONCE)
    world.sleep(timedelta(hours=1))
    assert world.when == [
        (at, number) for at in (0, 180) for number in (OLENA, PETRO, MARIIA)
    ]
    assert world.types == ["unanswered"]


def test_an_answer_ends_the_asking() -> None:
    """Whoever was asked and did not answer hears who takes care."""
    world = World()
    world.sleep(4 * MINUTE)
    world.answer(PETRO)
    world.sleep(timedelta(hours=1))
    assert world.when == [(0, OLENA), (180, PETRO)]
    assert world.types == ["acknowledged"]
    assert [number for _, number in world.news] == [OLENA]
    world.answer(OLENA)
    assert world.alarm.by == "Petro"
    assert world.types == ["acknowledged"]


def test_others_are_told_only_where_that_is_wanted() -> None:
    """By the rules of the alarm."""
    world = World(rules=Rules(tell_others=False))
    world.sleep(4 * MINUTE)
    world.answer(PETRO)
    assert world.news == []


@pytest.mark.parametrize(
    "standing", [Standing.FAILED, Standing.HELD, Standing.DECLINED]
)
def test_the_next_one_does_not_wait_for_who_cannot_be_asked(
    standing: Standing,
) -> None:
    """A question that is refused, held or declined passes the turn on."""
    world = World()
    world.outcomes = {}
    [first] = world.alarm.questions
    if standing is Standing.DECLINED:
        world.sleep(20 * SECOND)
        world.decline(OLENA)
        world.decline(OLENA)
        assert world.types == ["declined"]
    else:
        world.sleep(20 * SECOND)
        world.becomes(first, standing, "blacklisted")
    assert world.when == [(0, OLENA), (20, PETRO)]


def test_a_round_lasts_as_long_as_the_wait() -> None:
    """Where all are refused, they are not asked again at once."""
    world = World()
    world.outcomes = dict.fromkeys((PETRO, MARIIA), (Standing.FAILED, "blacklisted"))
    world.becomes(world.alarm.questions[0], Standing.FAILED, "blacklisted")
    assert [at for at, _ in world.when] == [0, 0, 0]
    world.outcomes[OLENA] = (Standing.FAILED, "blacklisted")
    world.sleep(timedelta(hours=1))
    assert [at for at, _ in world.when] == [0, 0, 0, 180, 180, 180]
    # Nobody got anything, so the next raise asks again.
    assert world.types == ["unanswered"]
    assert world.raise_again()


def test_nobody_is_asked_twice_within_a_minute() -> None:
    """The gateway would refuse it."""
    world = World(people=1, rules=Rules(wait=MINUTE))
    world.sleep(timedelta(hours=1))
    assert world.when == [(0, OLENA), (65, OLENA)]


def test_who_is_held_is_not_asked_again_before_it_left() -> None:
    """Two questions at once would help nobody."""
    world = World(people=1, rules=Rules(wait=MINUTE))
    [first] = world.alarm.questions
    world.becomes(first, Standing.HELD, "repeat_detected")
    world.sleep(66 * SECOND)
    assert world.when == [(0, OLENA)]
    world.becomes(world.alarm.questions[0], Standing.TAKEN)
    world.sleep(timedelta(hours=1))
    assert world.when == [(0, OLENA), (66 + 65, OLENA)]


def _line_down(world: World) -> None:
    """Let the first question wait."""
    world.becomes(world.alarm.questions[-1], *LINE_DOWN)


def test_a_line_that_is_down_uses_up_nothing() -> None:
    """It is told once; whoever was not asked yet is asked at once afterwards."""
    world = World()
    _line_down(world)
    world.sleep(20 * MINUTE)
    assert world.when == [(0, OLENA)]
    assert [(told.type, told.reason) for told in world.told[1:]] == [
        ("blocked", "cannot_connect")
    ]
    assert world.told[1].at == world.asked[0][0] + 30 * SECOND
    world.becomes(world.alarm.questions[0], Standing.TAKEN)
    assert world.when == [(0, OLENA), (1200, PETRO), (1200, MARIIA)]
    world.sleep(timedelta(hours=1))
    assert world.when[3:] == [(1380, OLENA), (1560, PETRO), (1740, MARIIA)]
    assert world.types == ["blocked", "unanswered"]


def test_a_short_cut_changes_nobodys_turn() -> None:
    """The wait begins when the gateway took the question."""
    world = World()
    _line_down(world)
    world.sleep(2 * MINUTE)
    world.becomes(world.alarm.questions[0], Standing.TAKEN)
    world.sleep(3 * MINUTE)
    assert world.when == [(0, OLENA), (300, PETRO)]


def test_no_answer_at_all_is_told_too() -> None:
    """A gateway that hangs is as bad as none."""
    world = World()
    world.outcomes[PETRO] = (Standing.ASKING, None)
    world.sleep(180 * SECOND + 29 * SECOND)
    assert world.types == []
    world.sleep(SECOND)
    assert world.types == ["blocked"]


@pytest.mark.parametrize("reason", ["low_balance", "limit_reached"])
def test_what_money_keeps_back_is_tried_once_a_minute_with_one_number(
    reason: str,
) -> None:
    """And no turn is used up."""
    world = World(rules=ALL_AT_ONCE)
    world.alarm = replace(world.alarm, questions=())
    world.outcomes = dict.fromkeys((OLENA, PETRO, MARIIA), (Standing.BLOCKED, reason))
    world.asked = []
    world.work()
    assert world.when == [(0, OLENA), (0, PETRO), (0, MARIIA)]
    world.sleep(5 * MINUTE)
    assert world.when[3:] == [(60 * minute, OLENA) for minute in range(1, 6)]
    world.outcomes = {}
    world.sleep(MINUTE)
    assert world.when[8:] == [(360, number) for number in (OLENA, PETRO, MARIIA)]
    assert world.types == ["blocked"]


@pytest.mark.parametrize("reason", ["low_balance", "limit_reached"])
def test_an_sms_that_costs_too_much_goes_by_viber(reason: str) -> None:
    """At once; only then nothing can leave."""
    too_much = (Standing.BLOCKED, reason)
    world = World(people=1, rules=Rules(sms=Sms.ALWAYS))
    world.becomes(world.alarm.questions[0], *too_much)
    assert [ask.channel for _, _, ask in world.asked] == ["sms", "viber"]
    world.becomes(world.alarm.questions[-1], *too_much)
    world.sleep(59 * SECOND)
    assert len(world.asked) == 2
    world.sleep(SECOND)
    assert [ask.channel for _, _, ask in world.asked] == ["sms", "viber", "sms"]


def test_a_rejected_key_is_tried_seldom_until_it_is_changed() -> None:
    """The gateway shuts out who guesses."""
    world = World(people=1)
    world.becomes(world.alarm.questions[0], Standing.BLOCKED, "invalid_auth")
    world.sleep(4 * MINUTE)
    assert len(world.asked) == 1
    world.alarm = blocking.probed_now(world.alarm, world.now)
    world.work()
    assert len(world.asked) == 2


def test_after_a_power_cut_everyone_left_is_asked() -> None:
    """A short one only costs its own time."""
    world = World()
    world.be_off(4 * MINUTE)
    assert world.when == [(0, OLENA), (240, PETRO)]
    world.be_off(10 * MINUTE)
    assert world.when == [(0, OLENA), (240, PETRO), (840, MARIIA)]
    world.be_off(10 * MINUTE)
    assert [number for _, number in world.when[3:]] == [OLENA, PETRO, MARIIA]
    world.be_off(10 * MINUTE)
    # Nobody could have answered.
    assert world.is_open
    world.sleep(3 * MINUTE)
    assert world.types == ["unanswered"]


def test_without_a_public_address_everyone_is_asked_at_once() -> None:
    """Nobody can answer by a link, so nobody's answer is waited for."""
    world = World()
    world.everyone = True
    world.sleep(3 * MINUTE)
    assert [at for at, _ in world.when] == [0, 180, 180]


def test_a_raise_while_it_is_open_is_counted() -> None:
    """The newest text stands; nobody is asked because of it."""
    world = World()
    assert not world.raise_again()
    assert world.alarm.raised == 2
    assert len(world.asked) == 1


def test_it_is_quiet_after_an_answer() -> None:
    """Where the cause lasts, whoever took over is asked first when that is over."""
    world = World()
    world.sleep(4 * MINUTE)
    world.answer(PETRO)
    began = world.now
    for _ in range(5):
        world.sleep(5 * MINUTE)
        assert not world.raise_again()
    assert len(world.asked) == 2
    world.sleep(5 * MINUTE)
    assert world.asked[2][0] == began + 30 * MINUTE
    assert world.asked[2][1] == PETRO
    assert world.types == ["acknowledged", "raised"]
    world.answer(PETRO)
    assert world.alarm.quiet_until == world.now + 60 * MINUTE


def test_it_is_over_where_nothing_was_raised_in_the_quiet_time() -> None:
    """What is raised later is another alarm."""
    world = World()
    world.answer(OLENA)
    world.sleep(30 * MINUTE)
    assert world.raise_again()


def test_an_answer_after_its_end_counts() -> None:
    """Late is better than never."""
    world = World(people=1)
    world.sleep(timedelta(hours=1))
    world.answer(OLENA)
    assert world.types == ["unanswered", "acknowledged"]


def test_what_is_cleared_is_told_after_two_minutes() -> None:
    """To those who were asked."""
    world = World()
    world.sleep(4 * MINUTE)
    world.clear("It is dry again.")
    world.clear("Twice.")
    world.sleep(timedelta(hours=1))
    assert world.types == ["cleared"]
    assert [number for _, number in world.news] == [OLENA, PETRO]
    assert len(world.asked) == 2
    assert world.raise_again()


def test_what_is_cleared_and_raised_again_goes_on() -> None:
    """A sensor that flaps asks nobody anew, and nobody is told."""
    world = World()
    world.sleep(4 * MINUTE)
    world.clear("It is dry again.")
    world.sleep(MINUTE)
    assert not world.raise_again()
    world.sleep(2 * MINUTE)
    assert world.when == [(0, OLENA), (180, PETRO), (360, MARIIA)]
    assert world.news == []
    assert world.types == ["cleared", "raised"]


def test_a_quiet_alarm_that_is_cleared_and_raised_stays_quiet() -> None:
    """Who took over is not asked because a contact is loose."""
    world = World()
    world.answer(OLENA)
    world.sleep(MINUTE)
    world.clear()
    world.sleep(MINUTE)
    assert not world.raise_again()
    world.sleep(20 * MINUTE)
    assert len(world.asked) == 1
    assert world.alarm.by == "Olena"


def test_nothing_lasts_longer_than_a_day() -> None:
    """An open one ends as one that nobody answered, and that is told."""
    world = World()
    _line_down(world)
    world.sleep(timedelta(hours=25))
    assert world.types == ["blocked", "unanswered"]
    assert world.alarm.is_over(world.now)


def test_a_clock_that_was_ahead_prolongs_nobodys_turn() -> None:
    """The house was killed meanwhile, and has the right time again."""
    world = World()
    world.now -= timedelta(hours=2)
    world.alarm = times.not_ahead(world.alarm, world.now)
    world.sleep(3 * MINUTE)
    assert [number for _, number in world.when] == [OLENA, PETRO]
    assert times.not_ahead(world.alarm, world.now) == world.alarm


def test_a_clock_that_is_set_changes_nobodys_turn() -> None:
    """The times of this run are moved with it."""
    world = World()
    world.sleep(MINUTE)
    by = timedelta(hours=2)
    world.alarm = times.moved(world.alarm, by, after_seq=0, whole=True)
    world.now += by
    world.sleep(2 * MINUTE)
    assert [number for _, number in world.when] == [OLENA, PETRO]
    before = world.alarm
    world.alarm = times.moved(world.alarm, by, after_seq=99, whole=False)
    assert world.alarm == before


def test_a_quiet_time_that_ends_in_a_long_power_cut_ends_the_alarm() -> None:
    """Nothing is due for ever, and what is raised then is another alarm."""
    world = World()
    world.answer(OLENA)
    world.raise_again()
    world.be_off(timedelta(hours=25))
    assert escalation.next_due(world.alarm, world.now) is None
    assert len(world.asked) == 1
    assert world.raise_again()


def test_who_cannot_says_so_whenever() -> None:
    """Also when it is somebody else's turn, or the next round."""
    world = World()
    world.sleep(4 * MINUTE)
    world.decline(OLENA)
    assert world.types == ["declined"]
    world.answer(PETRO)
    # Who answered that they cannot need not hear who takes over.
    assert world.news == []


def test_who_cannot_hears_that_it_is_over() -> None:
    """They were asked, too."""
    world = World()
    world.sleep(MINUTE)
    world.decline(OLENA)
    world.clear("It is dry again.")
    world.sleep(3 * MINUTE)
    assert [number for _, number in world.news] == [OLENA, PETRO]


def test_others_hear_once_who_takes_over() -> None:
    """Not each time that one is asked again when the quiet time is over."""
    world = World()
    world.sleep(4 * MINUTE)
    world.answer(PETRO)
    world.alarm = replace(world.alarm, news=((OLENA, world.now),))
    world.raise_again()
    world.sleep(30 * MINUTE)
    assert world.is_open
    world.answer(PETRO)
    assert [number for _, number in world.news] == [OLENA]


def test_one_that_nobody_answered_can_be_cleared_later() -> None:
    """Whoever was asked hears that it is over, also after the quiet time."""
    world = World(people=1)
    world.sleep(3 * timedelta(hours=1))
    assert world.alarm.status == "unanswered"
    world.clear("It is dry again.")
    world.sleep(3 * MINUTE)
    assert [number for _, number in world.news] == [OLENA]
    assert world.types == ["unanswered", "cleared"]


def test_when_somebody_took_over_outlasts_a_loose_contact() -> None:
    """The page tells it."""
    world = World()
    world.sleep(MINUTE)
    world.answer(OLENA)
    at = world.alarm.ended_at
    world.sleep(10 * MINUTE)
    world.clear()
    world.raise_again()
    assert world.alarm.ended_at == at


def test_what_blocks_is_told_anew_after_a_clear() -> None:
    """Its notification went with the clear."""
    world = World()
    _line_down(world)
    world.sleep(MINUTE)
    world.clear()
    world.outcomes[OLENA] = LINE_DOWN
    world.raise_again()
    world.sleep(MINUTE)
    assert world.types == ["blocked", "cleared", "raised", "blocked"]


def test_who_was_just_being_asked_hears_who_took_over() -> None:
    """The gateway had the question before the answer came."""
    world = World(rules=ALL_AT_ONCE)
    mariia = world.alarm.questions[-1]
    world.alarm = world.alarm.replaced([replace(mariia, standing=Standing.ASKING)])
    step = endings.answered(world.alarm, "Petro", PETRO, Source.LINK, world.now)
    assert [number for number, _ in step.news] == [OLENA]
    asking = step.alarm.questions[-1]
    late = escalation.stands(step.alarm, asking, Standing.TAKEN, world.now)
    assert [number for number, _ in late.news] == [MARIIA]
    again = escalation.stands(
        late.alarm, late.alarm.questions[-1], Standing.DELIVERED, world.now
    )
    assert not again.news


def test_an_alarm_of_another_version_can_be_read() -> None:
    """Whoever goes back to an older one loses no open alarm."""
    world = World()
    state = written(world.alarm).replace('"raised":1', '"raised":1,"of_later":7')
    assert "of_later" in state
    assert read(state) == world.alarm


def test_a_question_taken_by_a_clock_that_was_ahead_lasts_no_longer() -> None:
    """The house was killed while the gateway was asked, and the clock set back."""
    world = World()
    asking = replace(world.alarm.questions[0], standing=Standing.ASKING)
    world.alarm = world.alarm.replaced([asking])
    ahead = world.now + timedelta(hours=1)
    world.take(
        escalation.stands(world.alarm, asking, Standing.UNKNOWN, world.now, since=ahead)
    )
    world.sleep(3 * MINUTE)
    assert [number for _, number in world.when] == [OLENA, PETRO]
