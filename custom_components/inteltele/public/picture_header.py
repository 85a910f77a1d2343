"""What a picture's header tells: its kind, its way up, and what memory it takes."""

from typing import Final, TypeIs

from PIL import ExifTags, Image, ImageFile, JpegImagePlugin

from .picture import MAX_MEBIBYTES

MAX_MEMORY_MEBIBYTES: Final = 256

_GREYS: Final = frozenset({"1", "L", "LA", "La", "F"})
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What decoders keep for each pixel beside the picture, in bytes.
_DECODERS: Final = {"WEBP": 12, "TIFF": 8}
# The file, once more where its decoder wants it in one piece.
_FILES: Final = 2 * MAX_MEBIBYTES * 2**20
# A decoder of JPEG scales by these, and needs less for what is smaller.
_SCALES: Final = (1, 2, 4, 8)


def scale_for(image: ImageFile.ImageFile, source: bytes) -> int | None:
    """Return by how much a picture is scaled down, so that memory is enough for it.

    None where it is not enough. Only JPEG can be scaled.
    """
    room = MAX_MEMORY_MEBIBYTES * 2**20 - _FILES - _coefficients(image, source)
    each = _bytes_per_pixel(image)
    for scale in _SCALES if _is_jpeg(image) else _SCALES[:1]:
        if image.width * image.height // scale**2 * each <= room:
            return scale
    return None


def _is_jpeg(image: ImageFile.ImageFile) -> TypeIs[JpegImagePlugin.JpegImageFile]:
    """Return whether a picture is a JPEG, or several in one file."""
    return isinstance(image, JpegImagePlugin.JpegImageFile)


def _bytes_per_pixel(image: ImageFile.ImageFile) -> int:
    """Return what a pixel takes at most: as it is decoded, changed and written.

    Pillow keeps one byte for a pixel of one channel, and four for all others.
    """
    mode = pixel_mode(image)
    stored = 1 if image.mode in {"1", "L", "P"} else 4
    changed = 1 if mode == "L" else 4
    needed = stored + _DECODERS.get(image.format or "", 0)
    if image.mode.startswith("I"):
        needed += 8
    elif image.mode != mode:
        needed += changed
    # Whether others than a JPEG are to be turned is known only once they are decoded.
    changes = [
        mode == "CMYK",
        "icc_profile" in image.info,
        not _is_jpeg(image) or turn_of(image) is not None,
    ]
    # Transparency is multiplied in before a picture is scaled.
    return needed + changed * max(sum(changes), mode.endswith("A"))


def _coefficients(image: ImageFile.ImageFile, source: bytes) -> int:
    """Return what a JPEG takes that is sent in several passes: two bytes for each."""
    if not _is_jpeg(image) or source.count(b"\xff\xda") == 1:
        return 0
    layers: list[tuple[int, int]] = [
        (across, down) for _, across, down, _ in image.layer
    ]
    samples = sum(across * down for across, down in layers)
    most = max(across for across, _ in layers) * max(down for _, down in layers)
    return image.width * image.height * 2 * samples // most


def pixel_mode(image: ImageFile.ImageFile) -> str:
    """Return the mode in which a picture can be resized and written."""
    if image.mode.startswith("I"):
        return "L"
    if image.mode == "CMYK":
        return "CMYK"
    mode = "L" if image.mode in _GREYS else "RGB"
    return mode + "A" if image.has_transparency_data else mode


def turn_of(image: ImageFile.ImageFile) -> Image.Transpose | None:
    """Return what sets a decoded picture upright."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    # Broken metadata, which are thrown away, make no broken picture.
    except Exception:  # noqa: BLE001
        return None
