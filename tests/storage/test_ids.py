"""The house's own ids of messages."""

from hypothesis import given, strategies as st
import pytest
from ulid_transform import ulid_to_timestamp

from custom_components.inteltele.storage.ids import new_id, seq_of


@given(timestamp=st.floats(0, 2**48 / 1000 - 1), seq=st.integers(0, 2**32 - 1))
def test_an_id_names_a_row_and_a_time(timestamp: float, seq: int) -> None:
    """It is a ULID like those of Home Assistant."""
    text = new_id(timestamp, seq)
    assert len(text) == 26
    assert seq_of(text) == seq
    assert ulid_to_timestamp(text) == int(timestamp * 1000)


def test_ids_of_the_same_row_and_time_differ() -> None:
    """Nobody can guess one."""
    assert new_id(1.0, 1) != new_id(1.0, 1)


def test_an_id_may_be_written_in_either_case() -> None:
    """As people type them."""
    assert seq_of(new_id(1.0, 77).lower()) == 77


@pytest.mark.parametrize("text", ["", "1", "é" * 26, "0" * 25, "0" * 27])
def test_a_text_that_is_no_id_names_no_row(text: str) -> None:
    """Whatever somebody asks for."""
    assert seq_of(text) is None
