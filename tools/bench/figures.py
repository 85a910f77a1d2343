"""Figures that have a limit of their own, beside what they were before."""

from dataclasses import dataclass
from typing import Final

HEADINGS: Final = ("measure", "before", "now", "limit", "reached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What something costs in a unit, at most, and before a message was one record.

    `before` is as it was noted then, None where it was not measured.
    """

    measure: str
    unit: str
    now: float
    limit: float
    before: str | None = None

    @property
    def reached(self) -> bool:
        """Return whether it is as low as it must be."""
        return self.now <= self.limit

    def row(self) -> list[str]:
        """Return the figure as a row of a table."""
        return [
            self.measure,
            self.before or "",
            f"{self.now:.3g} {self.unit}".rstrip(),
            f"{self.limit:g} {self.unit}".rstrip(),
            "yes" if self.reached else "NO",
        ]
