"""Every sentence of a form and of a repairs issue exists, and no other."""

import re
from typing import Any

import pytest

from custom_components.inteltele.care.issues import FIXABLE, NO_PUBLIC_URL, AccountIssue
from custom_components.inteltele.const import CONF_CONNECTION
from custom_components.inteltele.gateway import ContentRule, ErrorReason
from custom_components.inteltele.repairs import SMS_SENDER_SCHEMA
from custom_components.inteltele.settings.account_form import (
    KEY_SCHEMA,
    account_schema,
)
from custom_components.inteltele.settings.first_steps import Ending
from custom_components.inteltele.settings.options_flow import options_schema
from custom_components.inteltele.settings.recipient_flow import (
    CHANGED,
    recipient_schema,
)
from custom_components.inteltele.storage.database import Damage

from .translations import ENGLISH, SOURCES, placeholders, sentences


def test_errors_of_the_account_form_are_those_of_the_code() -> None:
    """`unknown` is what Home Assistant shows for a bug."""
    assert set(ENGLISH["config"]["error"]) == {
        reason.of_account.value for reason in ErrorReason
    } | {"invalid_url", "unknown"}


def test_ends_of_the_account_form_are_those_of_the_code() -> None:
    """For success as well: Home Assistant's own words are not in every language."""
    assert set(ENGLISH["config"]["abort"]) == {
        "already_configured",
        "reauth_successful",
        "reconfigure_successful",
        "unique_id_mismatch",
    }


def test_errors_of_the_recipient_form_are_those_of_the_code() -> None:
    """Of its fields."""
    source = SOURCES["settings/recipient_flow.py"]
    asked_for = set(re.findall(r'(?:errors\[\w+\] =|return) "(\w+)"', source))
    asked_for |= {"sms_sender_invalid"}
    assert set(ENGLISH["config_subentries"]["recipient"]["error"]) == asked_for


def test_ends_of_the_recipient_form_are_those_of_the_code() -> None:
    """They tell what became of the test message."""
    words = ENGLISH["config_subentries"]["recipient"]
    assert set(words["create_entry"]) == set(Ending)
    assert set(words["abort"]) == set(CHANGED.values())
    assert all("{first_steps}" in text for text in words["create_entry"].values())


@pytest.mark.parametrize(
    "step",
    [
        *(ENGLISH["config"]["step"][key] for key in ("user", "reconfigure")),
        ENGLISH["config"]["step"]["reauth_confirm"],
        *ENGLISH["config_subentries"]["recipient"]["step"].values(),
        *ENGLISH["options"]["step"].values(),
        *(
            step
            for key in FIXABLE
            for step in ENGLISH["issues"][key]["fix_flow"]["step"].values()
        ),
    ],
)
def test_every_button_says_what_it_does(step: dict[str, Any]) -> None:
    """Home Assistant's own would say "Submit"; a menu has words for its choices."""
    assert step["submit"]


def test_the_question_without_encryption_has_a_way_back() -> None:
    """Each choice by its words."""
    options = ENGLISH["config"]["step"]["insecure"]["menu_options"]
    assert options == {
        "unencrypted": "Continue unencrypted",
        "back": "Back to the form",
    }


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (
            ENGLISH["config"]["step"]["user"],
            set(map(str, account_schema(key_known=False).schema)) - {CONF_CONNECTION},
        ),
        (ENGLISH["config"]["step"]["user"]["sections"][CONF_CONNECTION], {"url"}),
        (
            ENGLISH["config"]["step"]["reconfigure"],
            set(map(str, account_schema(key_known=True).schema)) - {CONF_CONNECTION},
        ),
        (
            ENGLISH["config"]["step"]["reconfigure"]["sections"][CONF_CONNECTION],
            {"url"},
        ),
        (
            ENGLISH["issues"]["undeliverable"]["fix_flow"]["step"]["sms_sender"],
            set(map(str, SMS_SENDER_SCHEMA.schema)),
        ),
        (
            ENGLISH["config"]["step"]["reauth_confirm"],
            set(map(str, KEY_SCHEMA.schema)),
        ),
        (
            ENGLISH["config_subentries"]["recipient"]["step"]["user"],
            set(map(str, recipient_schema(tested=False).schema)),
        ),
        (
            ENGLISH["config_subentries"]["recipient"]["step"]["reconfigure"],
            set(map(str, recipient_schema(tested=False).schema)),
        ),
        (
            ENGLISH["options"]["step"]["init"],
            set(map(str, options_schema("UAH").schema)),
        ),
    ],
)
def test_every_field_of_a_form_is_named_and_described(
    step: dict[str, Any], fields: set[str]
) -> None:
    """A person sees nothing but these words."""
    assert set(step["data"]) == set(step["data_description"]) == fields


def test_errors_of_the_options_form_are_those_of_the_code() -> None:
    """Named by its fields or by the rules of content."""
    source = SOURCES["settings/options_flow.py"]
    asked_for = set(re.findall(r'errors\[\w+\] = "(\w+)"', source))
    asked_for |= {ContentRule.SENDER_INVALID.value}
    asked_for |= {ContentRule.SMS_SENDER_INVALID.value}
    assert set(ENGLISH["options"]["error"]) == asked_for


def test_steps_of_the_options_are_those_of_the_code() -> None:
    """Each has words of its own."""
    steps = re.findall(r"async_step_(\w+)\(\n", SOURCES["settings/options_flow.py"])
    assert set(ENGLISH["options"]["step"]) == set(steps)


def test_issues_are_those_of_the_code() -> None:
    """One for each way in which a ledger can be damaged, among others."""
    told = {issue.value for issue in AccountIssue} - {AccountIssue.LEDGER_DAMAGED.value}
    assert set(ENGLISH["issues"]) == told | {NO_PUBLIC_URL} | {
        f"{AccountIssue.LEDGER_DAMAGED}_{damage}" for damage in Damage
    }


def test_issues_tell_what_to_do_in_their_dialog_or_beside() -> None:
    """Home Assistant takes one of the two."""
    kinds = {key: set(issue) - {"title"} for key, issue in ENGLISH["issues"].items()}
    assert kinds == {
        key: {"fix_flow" if key in FIXABLE else "description"}
        for key in ENGLISH["issues"]
    }


def test_steps_of_fix_flows_are_those_of_the_code() -> None:
    """Each has words of its own."""
    steps = set(re.findall(r"async_step_(\w+)\(\n", SOURCES["repairs.py"]))
    told = [set(ENGLISH["issues"][key]["fix_flow"]["step"]) for key in FIXABLE]
    assert set().union(*told) == steps - {"init"}
    assert all("confirm" in steps_of_issue for steps_of_issue in told)


def test_errors_and_ends_of_fix_flows_are_those_of_the_code() -> None:
    """Of the account, of a field, or that it is as before."""
    account = {reason.of_account.value for reason in ErrorReason}
    flows = {key: ENGLISH["issues"][key]["fix_flow"] for key in FIXABLE}
    assert {key: set(flow.get("error", {})) for key, flow in flows.items()} == {
        AccountIssue.IP_NOT_ALLOWED: account,
        AccountIssue.LOW_BALANCE: account | {AccountIssue.LOW_BALANCE.value},
        AccountIssue.NO_RECEIPTS: set(),
        AccountIssue.REPORT_URL_CHANGED: set(),
        AccountIssue.UNDELIVERABLE: {ContentRule.SMS_SENDER_INVALID.value},
    }
    aborted = set(re.findall(r'reason="(\w+)"', SOURCES["repairs.py"]))
    assert set().union(*(flow["abort"] for flow in flows.values())) == aborted


def test_placeholders_of_issues_are_those_that_are_filled() -> None:
    """A sentence with a hole is shown raw."""
    assert placeholders(*sentences(ENGLISH["issues"]).values()) == {
        "account",
        "account_escaped",
        "balance",
        "file",
        "limit",
        "public_ip",
        "recipient",
        "recipient_escaped",
        "report_url",
        "sms_limit",
        "time",
        "website",
        "warnings_escaped",
    }
