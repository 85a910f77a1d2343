"""How an SMS is split into parts."""

from hypothesis import given, strategies as st
import pytest

from custom_components.inteltele.gateway.sms import MAX_PARTS, count_parts, fit


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # An escaped character is not split, so a septet of each part stays empty.
        ("a" * 152 + "€" + "a" * 152 + "€", 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_parts_are_counted_as_networks_split(text: str, parts: int) -> None:
    """The limits of 3GPP TS 23.038 for both alphabets."""
    assert count_parts(text) == parts


def test_a_short_text_is_kept_with_its_ending() -> None:
    """Nothing is cut where there is room."""
    assert fit("Water!", "\nhttps://example.org") == "Water!\nhttps://example.org"


def test_a_long_text_is_cut_before_its_ending() -> None:
    """The link survives whole."""
    shortened = fit("word " * 300, "\nhttps://example.org")
    assert shortened.endswith("word...\nhttps://example.org")
    assert count_parts(shortened) == MAX_PARTS


def test_an_ending_without_room_comes_alone() -> None:
    """A link that fills every part leaves none for the text."""
    link = "https://example.org/" + "x" * 600
    assert fit("Water!", "\n" + link) == link


@given(st.text(max_size=1000))
def test_any_text_fits_after_shortening(text: str) -> None:
    """Whatever the alphabet, the limit holds and a text that fits stays."""
    shortened = fit(text)
    assert count_parts(shortened) <= MAX_PARTS
    assert shortened == text or count_parts(text) > MAX_PARTS
