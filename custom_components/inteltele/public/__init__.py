"""What a phone outside the house may open: hosted pictures and answer pages."""

from .answers import BUTTON_PRESSED, AnswerLinks, NotOpenError, Pressed
from .guesses import Guesses
from .page import (
    CONTENT_SECURITY_POLICY,
    FIELD,
    Button,
    PageText,
    Question,
    answer_page,
)
from .paths import (
    ANSWER_PICTURE_URL,
    ANSWER_URL,
    FULL_PICTURE_URL,
    PICTURE_URL,
    answer_path,
)
from .picture import MAX_MEBIBYTES, Picture, PictureError, PictureRule
from .picture_store import HostedPicture, PictureStore, remove
from .tokens import PLACEHOLDER, fingerprint, new_token

__all__ = [
    "ANSWER_PICTURE_URL",
    "ANSWER_URL",
    "BUTTON_PRESSED",
    "CONTENT_SECURITY_POLICY",
    "FIELD",
    "FULL_PICTURE_URL",
    "MAX_MEBIBYTES",
    "PICTURE_URL",
    "PLACEHOLDER",
    "AnswerLinks",
    "Button",
    "Guesses",
    "HostedPicture",
    "NotOpenError",
    "PageText",
    "Picture",
    "PictureError",
    "PictureRule",
    "PictureStore",
    "Pressed",
    "Question",
    "answer_page",
    "answer_path",
    "fingerprint",
    "new_token",
    "remove",
]
