"""The integration under fire: a short form of scripts/faults, in one process."""

from typing import Any

import pytest

from .faults import run_faults

SCENARIOS = (
    *("stop in a send", "misbehaving gateway", "broken way", "redirects"),
    *("certificates", "full disk", "read-only disk", "unreadable file", "no file"),
    *("two accounts", "reload in a send", "cancelled sends", "an hour refused"),
    *("clock jumps", "reports in a burst", "requests that mean harm", "long life"),
    *("a hundred days", "lying gateway", "secrets", "the end", "report in a start"),
    *("forgetful router", "lost answers", "key rejected by mistake"),
    "somebody else answers",
)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Run everything once, in a process whose clock can be put on."""
    path = tmp_path_factory.mktemp("faults") / "figures.json"
    return run_faults(path, "^(?!storm$|.* of a process$)")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_everything_that_was_counted_is_as_it_must_be(
    figures: list[dict[str, Any]], scenario: str
) -> None:
    """Nothing lost, nothing twice, nothing left behind, nothing told to strangers."""
    counted = [figure for figure in figures if figure["scenario"] == scenario]
    assert counted
    assert [figure for figure in counted if not figure["holds"]] == []


def test_no_scenario_is_forgotten(figures: list[dict[str, Any]]) -> None:
    """Those that are run are those that are looked at."""
    assert {figure["scenario"] for figure in figures} == set(SCENARIOS)
