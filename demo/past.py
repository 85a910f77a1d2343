"""A past for the demo's graphs: a house that was just built has none."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from .house import House

# Oldest first; the last is yesterday.
_MESSAGES_PER_DAY: Final = {
    "sensor.inteltele_messages_sent": (4, 6, 11, 8, 5, 12, 7),
    "sensor.inteltele_messages_delivered": (4, 6, 10, 8, 5, 11, 7),
}


async def remember_week(house: House) -> None:
    """Make up how many messages were sent on each day of the last week."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for entity_id, counts in _MESSAGES_PER_DAY.items():
        first = noon - timedelta(days=len(counts))
        await house.command(
            "recorder/import_statistics",
            metadata={
                "statistic_id": entity_id,
                "source": "recorder",
                "name": None,
                "has_sum": True,
                "mean_type": 0,
                "unit_class": None,
                "unit_of_measurement": None,
            },
            stats=[
                {
                    "start": (first + timedelta(days=day)).isoformat(),
                    "state": total,
                    "sum": total,
                }
                for day, total in enumerate(accumulate(counts))
            ],
        )
