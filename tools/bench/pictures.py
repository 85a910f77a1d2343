"""What a 4K snapshot costs, against Pillow's own best, and how it holds the loop."""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from time import perf_counter
from typing import Final

from PIL import Image, ImageFilter, ImageOps

from custom_components.inteltele.public.pictures import (
    open_picture,
    prepare,
    prepare_small,
)

from .rounds import Comparison, interleaved

SIZE: Final = (3840, 2160)
ROUNDS: Final = 9
RUNS: Final = 8
TICK: Final = 0.001


def snapshot() -> bytes:
    """Return a 4K JPEG with the detail of a photograph, lying on its side."""
    noise = Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 90).resize(SIZE)
    picture = Image.merge(
        "RGB", [noise, noise.filter(ImageFilter.BLUR), noise.rotate(180)]
    )
    exif = Image.Exif()
    exif[0x0112] = 6
    file = BytesIO()
    picture.save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()


def pillow_best(source: bytes) -> bytes:
    """Return the picture as Pillow alone scales it fastest: while it decodes."""
    image = Image.open(BytesIO(source))
    image.draft("RGB", (400, 400))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((400, 400))
    file = BytesIO()
    upright.save(file, "JPEG", quality=85)
    return file.getvalue()


async def small_pictures() -> Sequence[Comparison]:
    """Compare the small picture."""
    source = snapshot()

    async def ours() -> None:
        prepare_small(open_picture(source))

    async def theirs() -> None:
        pillow_best(source)

    times = await interleaved(
        {"ours": ours, "theirs": theirs}, rounds=ROUNDS, count=RUNS
    )
    return [
        Comparison(
            measure="4K snapshot to 400 pixels",
            against="Pillow's own best",
            at_most=1.2,
            **times,
        )
    ]


async def longest_hold() -> float:
    """Return for how many milliseconds the loop is held at most by a whole picture."""
    source = snapshot()
    loop = asyncio.get_running_loop()
    longest = 0.0
    working = loop.run_in_executor(None, prepare, source)
    while not working.done():
        began = perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, perf_counter() - began - TICK)
    await working
    return longest * 1000
