"""Pictures as they leave the house: upright, in sRGB, and without a word about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
import re
from typing import Final

from PIL import (
    Image,
    ImageCms,
    ImageFile,
    UnidentifiedImageError,
)

from .picture import (
    MAX_MEBIBYTES,
    Extension,
    Picture,
    PictureError,
    PictureRule,
    Rendition,
)
from .picture_header import MAX_MEMORY_MEBIBYTES, pixel_mode, scale_for, turn_of

MAX_MEGAPIXELS: Final = 50
SMALL_SIDE: Final = 400

_SMALL_QUALITY: Final = 85
_FULL_QUALITY: Final = 88
# Those last for which Pillow would load all its plugins.
_FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
# The other formats of several frames are pages (TIFF) and views of a camera (MPO).
_ANIMATIONS: Final = frozenset({"GIF", "PNG", "WEBP"})
_LOSSLESS: Final = frozenset({"PNG", "GIF", "BMP", "TIFF"})
_SIGNATURE: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF....WEBP|II\*\0|MM\0\*", re.DOTALL
)


def prepare(source: bytes) -> Picture:
    """Return what may be shown of a picture: a small and a full-size file.

    The format is told from the content: JPEG (also of several views), PNG, WebP, GIF,
    BMP or TIFF (the first page). Sources whose format loses nothing and all with
    transparency become PNG, the others (JPEG, WebP without transparency) JPEG. Both
    files are upright and in sRGB, and nothing but pixels gets into them. Raises
    PictureError.
    """
    small = prepare_small(open_picture(source))
    full = prepare_full(open_picture(source), source)
    return Picture(small=small.content, full=full.content, extension=small.extension)


def open_picture(source: bytes) -> ImageFile.ImageFile:
    """Return a picture that keeps the rules as far as its header tells; not decoded.

    Raises PictureError.
    """
    if len(source) > MAX_MEBIBYTES * 2**20:
        raise PictureError(PictureRule.TOO_LARGE, str(MAX_MEBIBYTES))
    with _only_picture_errors():
        image = _open(source)
        if image.width * image.height > MAX_MEGAPIXELS * 10**6:
            raise PictureError(PictureRule.TOO_MANY_PIXELS, str(MAX_MEGAPIXELS))
        if image.format in _ANIMATIONS and getattr(image, "is_animated", False):
            raise PictureError(PictureRule.ANIMATED, image.format)
        if scale_for(image, source) is None:
            limit = str(MAX_MEMORY_MEBIBYTES)
            raise PictureError(PictureRule.TOO_MUCH_MEMORY, limit)
    return image


def prepare_small(image: ImageFile.ImageFile) -> Rendition:
    """Return an opened picture at 400x400 pixels at most, never enlarged.

    A JPEG is scaled down by its decoder, which spares most of the work. Raises
    PictureError.
    """
    with _only_picture_errors():
        size = _fit(image.size)
        image.draft(None, size)
        pixels = _decode(image).resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return _render(image, pixels, _SMALL_QUALITY)


def prepare_full(image: ImageFile.ImageFile, source: bytes) -> Rendition:
    """Return an opened picture at its own size.

    A JPEG that would take too much memory is scaled down by its decoder. Raises
    PictureError.
    """
    with _only_picture_errors():
        if (scale := scale_for(image, source) or 1) > 1:
            image.draft(None, (image.width // scale, image.height // scale))
        return _render(image, _decode(image), _FULL_QUALITY)


@contextmanager
def _only_picture_errors() -> Iterator[None]:
    """Let nothing but PictureError out."""
    try:
        yield
    except PictureError:
        raise
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        MemoryError,
    ) as error:
        raise PictureError(PictureRule.TOO_MANY_PIXELS, str(MAX_MEGAPIXELS)) from error
    # Decoders raise whatever a broken file leads them to.
    except Exception as error:
        raise PictureError(PictureRule.CORRUPT) from error


def _open(source: bytes) -> ImageFile.ImageFile:
    """Open a file whose name nobody asks for."""
    try:
        return Image.open(BytesIO(source), formats=_FORMATS)
    except UnidentifiedImageError as error:
        begins_well = _SIGNATURE.match(source) is not None
        raise PictureError(
            PictureRule.CORRUPT if begins_well else PictureRule.NOT_A_PICTURE
        ) from error


def _fit(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of the small file."""
    scale = min(1.0, SMALL_SIDE / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def _decode(image: ImageFile.ImageFile) -> Image.Image:
    """Return the pixels, in a mode that can be resized; not copied without need."""
    image.load()
    if image.mode.startswith("I"):
        # Pillow would cut 16 bits off at 255.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    mode = pixel_mode(image)
    return image if image.mode == mode else image.convert(mode)


def _render(image: ImageFile.ImageFile, pixels: Image.Image, quality: int) -> Rendition:
    """Return a file of an opened picture's pixels."""
    pixels = _in_srgb(pixels, image.info.get("icc_profile"))
    if (turn := turn_of(image)) is not None:
        pixels = pixels.transpose(turn)
    # Pillow writes some of what it finds here into the file.
    pixels.info.clear()
    file = BytesIO()
    extension: Extension = "jpg"
    if image.format in _LOSSLESS or pixels.has_transparency_data:
        extension = "png"
        pixels.save(file, "PNG")
    else:
        pixels.save(file, "JPEG", quality=quality)
    return Rendition(content=file.getvalue(), extension=extension)


def _in_srgb(pixels: Image.Image, profile: bytes | None) -> Image.Image:
    """Return pixels in the colours that a screen without a profile shows."""
    mode = "RGBA" if pixels.mode == "RGBA" else "RGB"
    if profile and pixels.mode != "LA":
        try:
            return ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                pixels.mode,
                mode,
            ).apply(pixels)
        except ImageCms.PyCMSError, OSError, TypeError:
            # One that cannot be used, or is for other pixels, says nothing of these.
            pass
    return pixels.convert("RGB") if pixels.mode == "CMYK" else pixels
