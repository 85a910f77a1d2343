"""Power, line, clock and disk of a real process: a short form of scripts/faults."""

from pathlib import Path

import pytest

from .faults import run_faults


@pytest.mark.timeout(600)
def test_everything_that_was_counted_is_as_it_must_be(tmp_path: Path) -> None:
    """Nothing lost, nothing twice, whatever the house has to bear."""
    figures = run_faults(tmp_path / "figures.json", "^(storm|.* of a process)$")
    assert {figure["scenario"] for figure in figures} == {
        "storm",
        "clock and disk of a process",
        "second way of a process",
        "alarm of a process",
        "alarm without a line of a process",
        "alarm without a picture of a process",
    }
    assert [figure for figure in figures if not figure["holds"]] == []
