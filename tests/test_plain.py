"""What somebody typed, made fit to be logged, quoted and shown."""

import logging
import re

from hypothesis import given, strategies as st
import pytest

from custom_components.inteltele.plain import (
    MAX_QUOTED,
    escaped,
    get_logger,
    one_line,
    quoted,
    without_control_characters,
    without_words,
)

from .translations import SOURCES


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Olena", "Olena"),
        ("Оленка 👨‍👩‍👧 עברית", "Оленка 👨‍👩‍👧 עברית"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("a\u2028b\u2029\u0085", r"a\u2028b\u2029\x85"),
        ("\u202edesrever\u200e", r"\u202edesrever\u200e"),
        ("\ud83d", r"\ud83d"),
        ("\0", r"\x00"),
    ],
)
def test_what_cannot_be_seen_is_written_out(typed: str, shown: str) -> None:
    """Letters of all languages and pictures stay."""
    assert one_line(typed) == shown


@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    """Whatever was typed."""
    assert len(f"{one_line(text)}.".splitlines()) == 1
    assert one_line(one_line(text)) == one_line(text)


def test_only_a_part_is_quoted() -> None:
    """An error is no place for a novel."""
    assert quoted("x" * MAX_QUOTED) == "x" * MAX_QUOTED
    assert quoted("x" * 500_000) == "x" * MAX_QUOTED + "…"


@given(st.text())
def test_markdown_shows_an_escaped_text_as_it_is(text: str) -> None:
    """No sign of it stands alone."""
    assert re.fullmatch(
        r"""(\\[!-/:-@\[-`{-~]|[^!-/:-@\[-`{-~])*""", escaped(text), re.DOTALL
    )
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(text)) == one_line(text)


def test_a_text_keeps_its_lines() -> None:
    """And loses what no phone can show."""
    assert without_control_characters("a\r\nb\x00\tc\u2028d\n") == "a\nb\tc\nd"


def test_a_record_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Its traceback is indented: none of its lines looks like another record."""
    logger = get_logger("custom_components.inteltele.test_plain")
    forged = "x\n2026-01-01 ERROR forged"
    logger.warning("The account %s has %d, %s", forged, 5, ValueError(forged))
    logger.error("Failed", exc_info=ValueError(forged))
    first, second = caplog.records
    assert first.getMessage() == (
        r"The account x\n2026-01-01 ERROR forged has 5, x\n2026-01-01 ERROR forged"
    )
    lines = logging.Formatter("%(message)s").format(second).splitlines()
    assert lines[0] == "Failed"
    assert all(line.startswith("  ") for line in lines[1:])


def test_an_error_can_be_logged_without_its_words() -> None:
    """They may be a password."""
    err = without_words(KeyError("secret"))
    assert str(err) == "KeyError"


def test_every_logger_of_ours_is_such_a_one() -> None:
    """Nobody has to think of it."""
    others = [
        file
        for file, source in SOURCES.items()
        if "getLogger" in source and file != "plain.py"
    ]
    assert others == []
    assert sum("get_logger(__name__)" in source for source in SOURCES.values()) > 10
