"""Buttons that act at home: from an action's fields to links that answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..const import (
    ATTR_ACTION,
    ATTR_ANSWERS,
    ATTR_BUTTON_ACTION,
    ATTR_BUTTON_TEXT,
    ATTR_BUTTON_URL,
    ATTR_BUTTON_VALID,
    ATTR_SMS_AFTER,
    ATTR_TEXT,
    ATTR_WAIT_FOR,
)
from ..delivery import Link, Recipient, WaitFor
from ..delivery.sms_wanted import TIME_TO_ANSWER
from ..exceptions import invalid_input
from ..public import answer_path, fingerprint, new_token
from ..storage.answer_links import Answer, AnswerLink

DEFAULT_BUTTON_VALID: Final = timedelta(hours=24)
MIN_BUTTON_VALID: Final = timedelta(minutes=1)
MAX_BUTTON_VALID: Final = timedelta(days=30)
MAX_ANSWERS: Final = 4
MAX_LENGTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerButton:
    """A button by which people answer, and for how long they may."""

    text: str
    answers: tuple[Answer, ...]
    valid_for: timedelta

    def links(
        self,
        recipients: Iterable[Recipient],
        base_url: str,
        new: Callable[[], str] = new_token,
    ) -> tuple[dict[str, Link], list[AnswerLink]]:
        """Return a link of each recipient's own, by number, and how it is kept."""
        valid_until = dt_util.utcnow() + self.valid_for
        links: dict[str, Link] = {}
        kept: dict[str, AnswerLink] = {}
        for recipient in recipients:
            token = new()
            links[recipient.number] = Link(
                url=f"{base_url}{answer_path(token)}",
                fingerprint=fingerprint(token),
                valid_until=valid_until,
            )
            kept[recipient.number] = AnswerLink(
                fingerprint=fingerprint(token),
                number=recipient.number,
                recipient=recipient.name,
                answers=self.answers,
                valid_until=valid_until,
            )
        return links, list(kept.values())


def answer_button(fields: Mapping[str, Any]) -> AnswerButton | None:
    """Return the button that acts at home, None where none is asked for.

    Raises ServiceValidationError for one that could not be shown or understood.
    """
    destinations = [
        name
        for name in (ATTR_BUTTON_URL, ATTR_BUTTON_ACTION, ATTR_ANSWERS)
        if name in fields
    ]
    if len(destinations) > 1:
        raise invalid_input("button_ambiguous")
    if destinations in ([], [ATTR_BUTTON_URL]):
        if fields.get(ATTR_WAIT_FOR) is WaitFor.ANSWERED:
            raise invalid_input("nothing_to_answer")
        return None
    # Long enough for the SMS that may follow, unless a time is given.
    by_sms = fields.get(ATTR_SMS_AFTER, timedelta(0)) + timedelta(
        seconds=TIME_TO_ANSWER
    )
    valid_for = fields.get(ATTR_BUTTON_VALID, max(DEFAULT_BUTTON_VALID, by_sms))
    if not MIN_BUTTON_VALID <= valid_for <= MAX_BUTTON_VALID:
        raise invalid_input("button_valid_out_of_range")
    text = fields.get(ATTR_BUTTON_TEXT, "").strip()
    if not text:
        raise invalid_input("button_text_missing")
    return AnswerButton(text=text, answers=_answers(fields, text), valid_for=valid_for)


def _answers(fields: Mapping[str, Any], button_text: str) -> tuple[Answer, ...]:
    """Return the answers that a button offers."""
    asked_for = fields.get(
        ATTR_ANSWERS,
        [{ATTR_ACTION: fields.get(ATTR_BUTTON_ACTION), ATTR_TEXT: button_text}],
    )
    answers = tuple(
        Answer(action=item[ATTR_ACTION].strip(), text=" ".join(item[ATTR_TEXT].split()))
        for item in asked_for
    )
    if not 1 <= len(answers) <= MAX_ANSWERS:
        raise invalid_input("answers_out_of_range", count=str(len(answers)))
    for answer in answers:
        if not (0 < len(answer.action) <= MAX_LENGTH >= len(answer.text) > 0):
            raise invalid_input("answer_incomplete", limit=str(MAX_LENGTH))
    return answers
