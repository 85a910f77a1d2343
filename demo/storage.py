"""Files of Home Assistant's own storage, written before its first start."""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from .ports import HOST


def store_onboarding(folder: Path) -> None:
    """Skip the onboarding steps that add integrations which ask the internet."""
    _store(
        folder, "onboarding", 4, {"done": ["core_config", "analytics", "integration"]}
    )


def store_http(folder: Path, port: int) -> None:
    """Have Home Assistant listen on a port of this machine only.

    The same settings in YAML count as a trial, which Home Assistant ends after five
    minutes.
    """
    stable = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    _store(
        folder,
        "http",
        3,
        {"stable": stable, "pending": None, "yaml_migration_done": True},
    )


def _store(folder: Path, key: str, version: int, data: dict[str, Any]) -> None:
    """Write one file into the storage of a configuration folder."""
    path = folder / ".storage" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"version": version, "minor_version": 1, "key": key, "data": data}
    path.write_text(json.dumps(whole))
