"""What the pages name that is not ours: labels of Home Assistant and of others."""

import re
from typing import Final

from .pages import prose

# A path through menus; Settings > Devices & services.
_PATH: Final = re.compile(r"\*([^*`|]+? > [^*`|]+?)\*")
HOME_ASSISTANT: Final = {
    "Add card",
    "Add from link",
    "By card",
    "Configure",
    "Create automation",
    "Delete",
    "Edit in YAML",
    "Enable debug logging",
    "GitHub link",
    "Import blueprint",
    "Install",
    "Marketplace",
    "Network",
    "Re-import blueprint",
    "Reconfigure",
    "Resources",
    "Run actions",
    "Save",
    "System information",
    "Uninstall",
    "Visit",
}
# Of HACS, a phone or a router, and what people say.
ELSEWHERE: Final = {
    '"Tell Olena that dinner is ready"',
    "Custom repositories",
    "DNS IP",
    "Download",
    "IntelTele (username)",
    "IntelTele Viber & SMS",
    "Integration",
    "Mum",
    "Remove",
    "WAN",
    "broadcast",
    "debug",
    "internet IP",
    "too many requests",
}


def paths(page: str) -> set[str]:
    """Return the paths through menus that a page names."""
    return set(_PATH.findall(" ".join(prose(page).split())))
