"""What somebody typed, made fit for a line of the log, a sentence, or Markdown."""

import logging
import re
from typing import Final
import unicodedata

# So much of what somebody typed is quoted.
MAX_QUOTED: Final = 200

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
# Joins several pictures to one, as for a family.
_JOINER: Final = "\N{ZERO WIDTH JOINER}"


def one_line(text: str) -> str:
    r"""Return a text whose line breaks, and what else cannot be seen, are written out.

    A line break becomes `\n`: nobody can forge a line of the log, or hide a part.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def quoted(text: str) -> str:
    """Return the beginning of what somebody typed, on one line, for a sentence."""
    return one_line(text[:MAX_QUOTED]) + ("…" if len(text) > MAX_QUOTED else "")


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: no link, no picture, no markup."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def with_whole_characters(text: str) -> str:
    r"""Return a text whose halves of characters are put together.

    YAML reads an emoji that is written "\ud83d\ude00", as JSON and JavaScript do, as
    two halves, which nothing can send, keep or look for.
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def has_control_characters(text: str) -> bool:
    """Return whether there are line breaks or other control characters in a text."""
    return _CONTROL.search(text) is not None


def without_control_characters(text: str) -> str:
    """Return a text that may have several lines without what no phone can show."""
    return "\n".join(_CONTROL.sub("", line) for line in text.splitlines())


def get_logger(name: str) -> logging.Logger:
    """Return a logger each of whose records is one line, and its traceback indented."""
    logger = logging.getLogger(name)
    logger.addFilter(_on_one_line)
    return logger


def without_words(err: BaseException) -> Exception:
    """Return an error for the log that tells what and where, and quotes nothing.

    What it says may hold a number, an address or a password.
    """
    return Exception(type(err).__name__).with_traceback(err.__traceback__)


def _visible(character: str) -> str:
    """Return a character, or how it is written where it cannot be seen."""
    kind = unicodedata.category(character)
    if (kind[0] == "C" and character != _JOINER) or kind in {"Zl", "Zp"}:
        return character.encode("unicode_escape").decode()
    return character


def _on_one_line(record: logging.LogRecord) -> bool:
    """Let a record be written, but not as several."""
    record.msg, record.args = one_line(record.getMessage()), ()
    if record.exc_info and not record.exc_text:
        text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = "\n".join(f"  {one_line(line)}" for line in text.splitlines())
    return True
