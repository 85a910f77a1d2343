"""What a phone outside the house may open: hosted pictures and answer pages."""

from ..storage.answer_links import (
    Answer,
    AnswerLink,
    GivenAnswer,
    given as given_answers,
)
from .answers import BUTTON_PRESSED, AlreadyAnsweredError, AnswerLinks, Pressed
from .guesses import Guesses
from .page import CONTENT_SECURITY_POLICY, FIELD, PageText, answer_page
from .paths import ANSWER_URL, FULL_PICTURE_URL, PICTURE_URL, answer_path
from .picture import MAX_MEBIBYTES, Picture, PictureError, PictureRule
from .picture_store import HostedPicture, PictureStore, remove
from .tokens import fingerprint, is_token, new_token

__all__ = [
    "ANSWER_URL",
    "BUTTON_PRESSED",
    "CONTENT_SECURITY_POLICY",
    "FIELD",
    "FULL_PICTURE_URL",
    "MAX_MEBIBYTES",
    "PICTURE_URL",
    "AlreadyAnsweredError",
    "Answer",
    "AnswerLink",
    "AnswerLinks",
    "GivenAnswer",
    "Guesses",
    "HostedPicture",
    "PageText",
    "Picture",
    "PictureError",
    "PictureRule",
    "PictureStore",
    "Pressed",
    "answer_page",
    "answer_path",
    "fingerprint",
    "given_answers",
    "is_token",
    "new_token",
    "remove",
]
