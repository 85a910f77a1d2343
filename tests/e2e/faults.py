"""Running scripts/faults in a process whose clock can be put on."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final

REPOSITORY: Final = Path(__file__).parents[2]


def run_faults(path: Path, only: str) -> list[dict[str, Any]]:
    """Run the short form of some scenarios, and return what was counted."""
    finished = subprocess.run(  # noqa: S603 - it is ours
        [
            *(sys.executable, "-m", "tools.faults", "--short"),
            *("--only", only, "--json", str(path)),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    print(finished.stdout, finished.stderr)  # noqa: T201 - shown where a test fails
    return list(json.loads(path.read_text())["figures"])
