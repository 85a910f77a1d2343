"""What pictures cost: a 4K snapshot in time, the largest of each kind in memory."""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
import sys
from typing import Final

from PIL import Image, ImageFilter, ImageOps

from custom_components.inteltele.public.pictures import open_picture, prepare_small

from .rounds import Floor, Row, Run, interleaved, ratios

SNAPSHOT: Final = (3840, 2160)
# Fifty megapixels, as large as a picture may be.
LARGEST: Final = (10_000, 5_000)
RUNS: Final = 8
# By name: the mode of the pixels, and how Pillow writes them.
KINDS: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "jpeg": ("RGB", {"quality": 80}),
    "jpeg-progressive": ("RGB", {"quality": 80, "progressive": True}),
    "jpeg-cmyk": ("CMYK", {"quality": 80}),
    "jpeg-grey": ("L", {"quality": 80}),
    "png": ("RGB", {"compress_level": 1}),
    "png-transparent": ("RGBA", {"compress_level": 1}),
    "png-palette": ("P", {"compress_level": 1}),
    "png-16-bit": ("I;16", {"compress_level": 1}),
    "png-black-and-white": ("1", {"compress_level": 1}),
    "webp": ("RGB", {"quality": 50, "method": 0}),
    "gif": ("P", {}),
    "bmp-black-and-white": ("1", {}),
    "tiff": ("RGB", {"compression": "tiff_lzw"}),
    "tiff-grey": ("L", {"compression": "tiff_lzw"}),
}


async def pictures(run: Run) -> Sequence[Row]:
    """Compare the small picture with Pillow's own best, and look at the memory."""
    source = snapshot()

    async def ours() -> None:
        prepare_small(open_picture(source))

    async def theirs() -> None:
        pillow_best(source)

    async def decoded() -> None:
        image = open_picture(source)
        image.draft(None, (400, 225))
        image.load()

    times = await interleaved(
        {"ours": ours, "theirs": theirs, "decoded": decoded},
        rounds=run.rounds,
        count=RUNS,
    )
    peaks = [await _peak(kind, run.folder) for kind in KINDS]
    return [
        Row(
            measure="4K snapshot → 400 px",
            against="Pillow draft + thumbnail",
            found=ratios(times["ours"], times["theirs"]),
            limit=0.8,
            floor=Floor(
                what="decoded at an eighth, and no more",
                found=ratios(times["decoded"], times["theirs"]),
            ),
        ),
        Row(
            measure=f"50 megapixels, {len(KINDS)} kinds: peak memory at most",
            against=f"{sum(refused for _, refused in peaks)} refused before decoding",
            unit="MiB",
            found=[max(mebibytes for mebibytes, _ in peaks)],
            limit=256,
        ),
    ]


async def _peak(kind: str, folder: Path) -> tuple[float, bool]:
    """Return how many MiB a picture takes at most, and whether it was refused."""
    path = folder / kind
    await asyncio.to_thread(_write_largest, kind, path)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tools.bench.peak", str(path)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    mebibytes, refused = told.split()
    return float(mebibytes), refused == b"refused"


def _write_largest(kind: str, path: Path) -> None:
    """Write the largest picture of a kind; smooth, or its file would be too large."""
    mode, how = KINDS[kind]
    grey = Image.linear_gradient("L").resize(LARGEST)
    picture = (
        grey.convert("I").convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    picture.save(path, kind.partition("-")[0], **how)


def snapshot() -> bytes:
    """Return a 4K JPEG with the detail of a photograph, lying on its side."""
    noise = Image.effect_noise((SNAPSHOT[0] // 8, SNAPSHOT[1] // 8), 90)
    noise = noise.resize(SNAPSHOT)
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
