"""How an SMS is split into parts."""

from hypothesis import given, strategies as st
import pytest

from custom_components.inteltele.gateway.sms import (
    MAX_PARTS,
    Encoding,
    Size,
    count_parts,
    fit,
    measure,
)


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


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "left"),
    [
        ("", Encoding.GSM, 1, 160),
        ("a" * 160, Encoding.GSM, 1, 0),
        ("a" * 161, Encoding.GSM, 2, 145),
        ("€", Encoding.GSM, 1, 158),
        ("я", Encoding.UCS2, 1, 69),
        ("я" * 71, Encoding.UCS2, 2, 63),
        ("я" * 66 + "😀" + "я" * 3, Encoding.UCS2, 2, 62),
    ],
)
def test_the_last_part_holds_some_more(
    text: str, encoding: Encoding, parts: int, left: int
) -> None:
    """So much that one more character begins another part where nothing is left."""
    assert measure(text) == Size(encoding=encoding, parts=parts, left=left)
    fill = "a" if encoding is Encoding.GSM else "я"
    assert count_parts(text + fill * left) == parts
    assert count_parts(text + fill * (left + 1)) == parts + 1


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
