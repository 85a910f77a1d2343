"""Repairs, with a made-up one of each kind."""

from datetime import UTC, datetime
import json
from typing import Any, Final

from .settings import Step
from .walk import Walk

WORDS: Final = {
    "account": "IntelTele",
    "account_escaped": "IntelTele",
    "balance": "1.50 UAH",
    "file": ".storage/inteltele.01ABC.db",
    "limit": "500",
    "recipient": "Olena",
    "recipient_escaped": "Olena",
    "sms_limit": "100",
    "time": "12:05",
}


async def repairs(walk: Walk) -> None:
    """Every issue in its dialog."""
    await _store_issues(walk)
    await walk.open("/config/repairs")
    await walk.page.locator("ha-config-repairs").wait_for()
    await walk.photograph("repairs")
    for key, issue in walk.words["issues"].items():
        await walk.open("/config/repairs")
        title = issue["title"].format_map(WORDS)
        await walk.page.get_by_text(title, exact=True).first.click()
        await walk.photograph(f"repairs-{key}")
        if await walk.form.count():
            await walk.submit()
            await walk.photograph(f"repairs-{key}-submitted")


async def _store_issues(walk: Walk) -> None:
    """Let Home Assistant remember an issue of every kind from before its start."""
    house = walk.house
    [recipient, *_] = await house.command(
        "config_entries/subentries/list", entry_id=walk.entry_id
    )
    warnings = " ".join(
        walk.words["common"][key] for key in ("local_address", "no_sms_sender")
    )
    issues: list[dict[str, Any]] = [
        {
            "active": True,
            "breaks_in_ha_version": None,
            "created": datetime.now(UTC).isoformat(),
            "data": {
                "key": key,
                "entry_id": walk.entry_id,
                "subentry_id": recipient["subentry_id"],
                "remembered": None,
            },
            "dismissed_version": None,
            "domain": "inteltele",
            "is_fixable": "fix_flow" in issue,
            "is_persistent": True,
            "issue_domain": None,
            "issue_id": f"seen_{key}",
            "learn_more_url": None,
            "severity": "warning",
            "translation_key": key,
            "translation_placeholders": {
                **WORDS,
                "warnings": warnings,
                "warnings_escaped": warnings,
            },
        }
        for key, issue in walk.words["issues"].items()
    ]
    await house.stop()
    (house.folder / ".storage" / "repairs.issue_registry").write_text(
        json.dumps(
            {
                "version": 1,
                "minor_version": 2,
                "key": "repairs.issue_registry",
                "data": {"issues": issues},
            }
        )
    )
    await house.start()
    await house.wait_until_running()


STEPS: Final[tuple[Step, ...]] = (repairs,)
