"""Why something failed, and what follows from it."""

import pytest

from custom_components.inteltele.gateway import ErrorReason, SmsInstead

SPECIAL = {
    ErrorReason.NO_ROUTE: SmsInstead.AT_ONCE,
    ErrorReason.SENDER_BANNED: SmsInstead.AT_ONCE,
    ErrorReason.BLACKLISTED: SmsInstead.NEVER,
    ErrorReason.UNKNOWN_COUNTRY: SmsInstead.NEVER,
}


@pytest.mark.parametrize("reason", ErrorReason)
def test_a_refusal_by_viber_says_when_an_sms_may_go(reason: ErrorReason) -> None:
    """What hits everybody, and what is no end, waits."""
    assert reason.sms_instead is SPECIAL.get(reason, SmsInstead.LATER)


@pytest.mark.parametrize(
    "reason", [reason for reason in ErrorReason if reason.is_gateway_problem]
)
def test_a_problem_of_the_gateway_hits_the_sms_as_well(reason: ErrorReason) -> None:
    """It would be tried in vain."""
    assert reason.sms_instead is SmsInstead.LATER
