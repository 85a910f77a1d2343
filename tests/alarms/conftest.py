"""A house whose account has an SMS sender."""

from typing import Any

import pytest


@pytest.fixture
def options() -> dict[str, Any]:
    """Return options with an SMS sender."""
    return {"sms_sender": "MyHouse"}
