"""The pictures of the README, from what the end-to-end tests saw."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from demo.house import REPOSITORY

from .browser import ARTEFACTS

IMAGES: Final = REPOSITORY / "docs" / "images"
MAX_BYTES: Final = 150 * 1024
_PICTURES: Final = {
    "account-form": "desk-account-form",
    "answer": "desk-answer-page",
    "card-dark": "desk-card-dark",
    "card-light": "desk-card-light",
    "phone": "desk-phone",
    "recipient-form": "desk-recipient-form",
    "set-up-finished": "desk-recipient-created",
}
_GROUND: Final = "#ece9f7"
_MARGIN: Final = 24
_RADIUS: Final = 36


def main() -> None:
    """Take over every picture, as small as it can be."""
    for name, seen in _PICTURES.items():
        _save(Image.open(ARTEFACTS / f"{seen}.png"), IMAGES / f"{name}.png")
    _save(
        _side_by_side(
            Image.open(ARTEFACTS / "desk-demo.png"),
            Image.open(ARTEFACTS / "desk-phone.png"),
        ),
        IMAGES / "demo.png",
    )


def _side_by_side(desk: Image.Image, phone: Image.Image) -> Image.Image:
    """Return a screen, and beside it a phone of the same height."""
    phone = phone.resize((round(phone.width * desk.height / phone.height), desk.height))
    mask = Image.new("L", phone.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *phone.size), _RADIUS, fill=255)
    width = desk.width + phone.width + 3 * _MARGIN
    picture = Image.new("RGB", (width, desk.height + 2 * _MARGIN), _GROUND)
    picture.paste(desk, (_MARGIN, _MARGIN))
    picture.paste(phone, (desk.width + 2 * _MARGIN, _MARGIN), mask)
    return picture


def _save(picture: Image.Image, path: Path) -> None:
    """Write a picture with as many colours as fit into the largest size."""
    for colours in (256, 128, 64, 32):
        picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
        if path.stat().st_size <= MAX_BYTES:
            return


if __name__ == "__main__":
    main()
