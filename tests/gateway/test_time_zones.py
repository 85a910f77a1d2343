"""The time zones that the gateway tells its times in."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.inteltele.gateway.receipts import receipt
from custom_components.inteltele.gateway.time_zones import time_zone

from ..properties import EXAMPLES


@pytest.mark.parametrize(
    ("name", "date", "hour"),
    [
        (None, "2026-07-01 12:00:00", 12),
        ("UTC", "2026-07-01 12:00:00", 12),
        ("utc", "01-07-2026 12:00:00", 12),
        ("Europe/Kiev", "2026-07-01 12:00:00", 9),
        ("Europe/Kiev", "01-12-2026 12:00:00", 10),
        ("America/New_York", "2026-07-01 12:00:00", 16),
    ],
)
async def test_a_time_is_read_in_its_zone(
    name: str | None, date: str, hour: int
) -> None:
    """Summer time included."""
    moment = receipt("a", "delivrd", date, await time_zone(name)).reported_at
    assert moment is not None
    assert (moment.hour, moment.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    "name",
    [
        "Nowhere/At_All",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe",
        "x" * 5000,
        "\0",
    ],
)
async def test_a_time_in_a_zone_that_nobody_knows_is_none(name: str) -> None:
    """Hours off would be worse."""
    zone = await time_zone(name)
    assert zone is None
    assert receipt("a", "delivrd", "2026-07-01 12:00:00", zone).reported_at is None


@pytest.mark.parametrize("date", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
async def test_a_time_at_the_end_of_all_years_is_none(date: str) -> None:
    """Its zone leads out of them."""
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        read = receipt("a", "delivrd", date, await time_zone(name)).reported_at
        assert read is None or isinstance(read, datetime)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=30), st.text(max_size=30))
async def test_any_zone_and_date_are_a_time_or_none(name: str, date: str) -> None:
    """Never an error."""
    read = receipt("a", "delivrd", date, await time_zone(name)).reported_at
    assert read is None or read.tzinfo is UTC
