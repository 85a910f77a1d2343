"""Every rule of the Integration Quality Scale is judged, and kept where it shows."""

from importlib.metadata import metadata
import json
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.inteltele.const import DOMAIN

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = ROOT / "custom_components" / "inteltele"
SCALE: Final[dict[str, Any]] = yaml.safe_load(
    (INTEGRATION / "quality_scale.yaml").read_text()
)["rules"]
TIERS: Final = {
    "bronze": """
        action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions
        docs-removal-instructions docs-triggers entity-event-setup entity-unique-id
        has-entity-name runtime-data test-before-configure test-before-setup
        unique-config-entry
    """,
    "silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner
        log-when-unavailable parallel-updates reauthentication-flow test-coverage
    """,
    "gold": """
        devices diagnostics discovery discovery-update-info docs-data-update
        docs-examples docs-known-limitations docs-supported-devices
        docs-supported-functions docs-troubleshooting docs-use-cases dynamic-devices
        entity-category entity-device-class entity-disabled-by-default
        entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices
    """,
    "platinum": "async-dependency inject-websession strict-typing",
}
RULES: Final = {rule for rules in TIERS.values() for rule in rules.split()}
PAGES: Final = {
    "docs-actions": "docs/entities.md#actions",
    "docs-configuration-parameters": "docs/installation.md#options",
    "docs-data-update": "docs/events.md#without-reports",
    "docs-examples": "docs/automations.md",
    "docs-high-level-description": "docs/README.md",
    "docs-installation-instructions": "docs/installation.md#get-the-integration",
    "docs-installation-parameters": "docs/installation.md#add-your-account",
    "docs-known-limitations": "docs/sending.md#limits",
    "docs-removal-instructions": "docs/installation.md#removal",
    "docs-supported-functions": "docs/entities.md",
    "docs-triggers": "docs/entities.md#triggers",
    "docs-troubleshooting": "docs/troubleshooting.md",
    "docs-use-cases": "docs/automations.md",
}
FUNCTIONS: Final = {
    "config-entry-unloading": ("__init__.py", "async_unload_entry"),
    "config-flow": ("config_flow.py", "async_step_user"),
    "diagnostics": ("diagnostics.py", "async_get_config_entry_diagnostics"),
    "reauthentication-flow": ("config_flow.py", "async_step_reauth"),
    "reconfiguration-flow": ("config_flow.py", "async_step_reconfigure"),
    "repair-issues": ("repairs.py", "async_create_fix_flow"),
    "unique-config-entry": ("config_flow.py", "async_step_user"),
}


def _of(rule: str) -> str:
    """Return the status of a rule."""
    status = SCALE[rule]
    return str(status if isinstance(status, str) else status["status"])


def test_every_rule_of_all_tiers_is_judged() -> None:
    """And no other."""
    assert list(SCALE) != []
    assert set(SCALE) == RULES
    assert len(RULES) == 54


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_is_kept_or_the_file_says_why_not(rule: str) -> None:
    """In a sentence."""
    assert _of(rule) in {"done", "exempt", "todo"}
    comment = "." if SCALE[rule] == "done" else SCALE[rule]["comment"]
    assert comment.endswith(".")


def test_one_rule_is_not_kept() -> None:
    """A new one is a decision, not an oversight."""
    assert {rule for rule in RULES if _of(rule) == "todo"} == {
        "dependency-transparency"
    }


@pytest.mark.parametrize(
    ("library", "licence"), [("phonenumbers", "Apache-2.0"), ("gsm0338", "MIT")]
)
def test_a_library_is_open_source(library: str, licence: str) -> None:
    """Rule dependency-transparency, as far as it is kept."""
    facts = metadata(library)
    assert licence in {facts.get("License"), facts.get("License-Expression")}
    assert any("https://github.com/" in url for url in facts.get_all("Project-URL", []))


def test_the_libraries_are_those_of_the_manifest() -> None:
    """The comments of the rules about dependencies name each."""
    manifest = json.loads((INTEGRATION / "manifest.json").read_text())
    libraries = {item.partition("==")[0] for item in manifest["requirements"]}
    assert libraries == {"phonenumbers", "gsm0338"}


@pytest.mark.parametrize(
    ("rule", "page"),
    [
        *PAGES.items(),
        *((rule, "") for rule in sorted(RULES - set(PAGES)) if "docs" in rule),
    ],
)
def test_a_rule_of_documentation_has_its_page(rule: str, page: str) -> None:
    """Unless it does not apply."""
    assert (_of(rule) == "done") is bool(page)
    path, _, anchor = page.partition("#")
    heading = anchor.replace("-", " ")
    assert not path or f"# {heading}" in (ROOT / path).read_text().lower()


@pytest.mark.parametrize("rule", FUNCTIONS)
def test_a_rule_has_the_function_that_keeps_it(rule: str) -> None:
    """Where Home Assistant looks for it."""
    file, name = FUNCTIONS[rule]
    source = (INTEGRATION / file).read_text()
    assert re.search(rf"^ *async def {name}\(", source, re.MULTILINE)


async def test_actions_are_there_without_an_account(home: HomeAssistant) -> None:
    """Rule action-setup: an automation is valid while the account is not loaded."""
    assert await async_setup_component(home, DOMAIN, {})
    described = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    assert set(home.services.async_services_for_domain(DOMAIN)) == set(described)


@pytest.fixture
def entities(home: HomeAssistant, account: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of the account and of its recipients."""
    return er.async_entries_for_config_entry(er.async_get(home), account.entry_id)


async def test_every_entity_is_named_after_its_device(
    home: HomeAssistant, entities: list[er.RegistryEntry]
) -> None:
    """Rules entity-unique-id, has-entity-name, devices and entity-translations."""
    devices = dr.async_get(home)
    for entity in entities:
        assert entity.has_entity_name
        assert entity.translation_key
        assert devices.async_get(entity.device_id or "")


async def test_what_is_for_troubleshooting_is_marked_so(
    entities: list[er.RegistryEntry],
) -> None:
    """Rule entity-category."""
    diagnostic = {
        entity.unique_id
        for entity in entities
        if entity.entity_category is EntityCategory.DIAGNOSTIC
    }
    assert diagnostic == {
        "account_credit",
        "account_gateway_problem",
        "account_pending",
    }


async def test_classes_are_those_that_fit(
    entities: list[er.RegistryEntry],
) -> None:
    """Rule entity-device-class; the others count messages, for which there is none."""
    classes = {
        entity.unique_id.partition("_")[2]: entity.original_device_class
        for entity in entities
        if entity.original_device_class
    }
    assert classes == {
        "balance": "monetary",
        "credit": "monetary",
        "spent": "monetary",
        "low_balance": "problem",
        "gateway_problem": "problem",
        "last_message": "enum",
    }


async def test_every_entity_is_enabled(
    entities: list[er.RegistryEntry],
) -> None:
    """Rule entity-disabled-by-default: eleven of the account, three of a recipient."""
    assert [entity for entity in entities if entity.disabled] == []
    assert len(entities) == 11 + 2 * 3


def test_every_entity_has_a_name_and_an_icon() -> None:
    """Rules entity-translations and icon-translations."""
    english = json.loads((INTEGRATION / "translations" / "en.json").read_text())
    icons = json.loads((INTEGRATION / "icons.json").read_text())
    keys = {
        (platform, key)
        for platform, entities in english["entity"].items()
        for key in entities
    }
    assert keys == {
        (platform, key)
        for platform, entities in icons["entity"].items()
        for key in entities
    } - {("notify", "notify")}
