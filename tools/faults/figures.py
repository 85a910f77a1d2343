"""What was counted, and whether it is what must be."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

type Count = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was counted in one scenario; `wanted` is what it must be."""

    scenario: str
    claim: str
    counted: Count
    wanted: str
    holds: bool

    def row(self) -> list[str]:
        """Return the figure as a row of a table."""
        return [
            *(self.scenario, self.claim, f"{self.counted:g}", self.wanted),
            "yes" if self.holds else "NO",
        ]


HEADINGS = ("scenario", "what was counted", "count", "must be", "holds")


class Figures:
    """All that was counted, in order; scenarios add to it."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self.scenario = ""
        self.all: list[Figure] = []
        self.notes: dict[str, Any] = {}

    def exactly(self, claim: str, counted: Count, wanted: Count = 0) -> None:
        """Keep a count that must be exactly so."""
        self._keep(claim, counted, f"{wanted:g}", holds=counted == wanted)

    def at_most(self, claim: str, counted: Count, wanted: Count) -> None:
        """Keep a count that must not be more."""
        self._keep(claim, counted, f"at most {wanted:g}", holds=counted <= wanted)

    def at_least(self, claim: str, counted: Count, wanted: Count) -> None:
        """Keep a count that must not be less."""
        self._keep(claim, counted, f"at least {wanted:g}", holds=counted >= wanted)

    def none_of(self, claim: str, found: Iterable[object]) -> None:
        """Keep how many offences were found, and note the first of them."""
        offences = [str(item) for item in found]
        if offences:
            self.notes.setdefault("offences", {})[f"{self.scenario}: {claim}"] = (
                Counter(offences).most_common(5)
            )
        self.exactly(claim, len(offences))

    @property
    def broken(self) -> list[Figure]:
        """Return the figures that are not what they must be."""
        return [figure for figure in self.all if not figure.holds]

    def as_json(self) -> dict[str, Any]:
        """Return everything for other programs."""
        return {"figures": [asdict(figure) for figure in self.all], **self.notes}

    def _keep(self, claim: str, counted: Count, wanted: str, *, holds: bool) -> None:
        """Keep a figure of the present scenario."""
        self.all.append(
            Figure(
                scenario=self.scenario,
                claim=claim,
                counted=counted,
                wanted=wanted,
                holds=holds,
            )
        )
