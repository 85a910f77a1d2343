"""Pictures of all kinds, and what is shown of them outside."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
import struct
from typing import Any
import zlib

from hypothesis import given, settings, strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
import pytest

from custom_components.inteltele.public.pictures import (
    MAX_MEBIBYTES,
    Picture,
    PictureError,
    PictureRule,
    open_picture,
    prepare,
    prepare_small,
)

MAGIC = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
FORMATS = {"jpg": "JPEG", "png": "PNG"}
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
COLOURS = {"R": (255, 0, 0), "G": (0, 255, 0), "B": (0, 0, 255), "W": (255, 255, 255)}
# The colours that a stored picture has at its corners, clockwise from the upper left,
# and its proportions, where the upright one is R, G, B, W and 3 to 2:
# EXIF 2.32, 4.6.4 A, tag 0112H.
STORED = {
    1: ("RGBW", (3, 2)),
    2: ("GRWB", (3, 2)),
    3: ("BWRG", (3, 2)),
    4: ("WBGR", (3, 2)),
    5: ("RWBG", (2, 3)),
    6: ("GBWR", (2, 3)),
    7: ("BGRW", (2, 3)),
    8: ("WRGB", (2, 3)),
}
SECRET = "Khreshchatyk 1"


def _saved(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """Return a picture's file."""
    file = BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def _opened(content: bytes) -> Image.Image:
    """Return a file's picture, decoded."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def _sizes(picture: Picture) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return width and height of the small file, and of the full-size one."""
    return (
        Image.open(BytesIO(picture.small)).size,
        Image.open(BytesIO(picture.full)).size,
    )


def _corners(image: Image.Image) -> list[tuple[int, int]]:
    """Return points near the corners, clockwise from the upper left."""
    width, height = image.size
    return [
        (width // 8, height // 8),
        (width * 7 // 8, height // 8),
        (width * 7 // 8, height * 7 // 8),
        (width // 8, height * 7 // 8),
    ]


def _quarters(corners: str, size: tuple[int, int]) -> Image.Image:
    """Return a picture of four colours, named clockwise from the upper left."""
    upper_left, upper_right, lower_right, lower_left = (
        COLOURS[corner] for corner in corners
    )
    image = Image.new("RGB", (2, 2))
    image.putdata([upper_left, upper_right, lower_left, lower_right])
    return image.resize(size, Image.Resampling.NEAREST)


def _seen(content: bytes) -> str:
    """Return the colours at a picture's corners."""
    image = _opened(content).convert("RGB")
    return "".join(
        min(
            COLOURS,
            key=lambda name: sum(
                abs(seen - wanted)
                for seen, wanted in zip(
                    image.getpixel(point), COLOURS[name], strict=True
                )
            ),
        )
        for point in _corners(image)
    )


def _exif(**tags: int) -> Image.Exif:
    """Return EXIF that says where a picture was taken, and how it is to be held."""
    exif = Image.Exif()
    exif[0x0112] = tags.get("orientation", 1)
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 26.0, 50.0), 29: SECRET})
    return exif


@cache
def _photo() -> Image.Image:
    """Return something like a small photograph."""
    return Image.effect_noise((60, 40), 60).convert("RGB")


def _swapped_profile() -> bytes:
    """Return a profile in which red and green are exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile.replace(b"rXYZ", b"____")
        .replace(b"gXYZ", b"rXYZ")
        .replace(b"____", b"gXYZ")
    )


def _frames() -> dict[str, Any]:
    """Return options that save several frames."""
    return {"save_all": True, "append_images": [_photo().rotate(90)]}


@cache
def _sources() -> dict[str, bytes]:
    """Return a valid file of each kind that is accepted."""
    photo, exif = _photo(), _exif(orientation=6)
    palette = photo.quantize(8)
    return {
        "jpeg": _saved(photo, "JPEG", exif=exif),
        "jpeg_progressive": _saved(photo, "JPEG", progressive=True),
        "jpeg_grey": _saved(photo.convert("L"), "JPEG"),
        "jpeg_cmyk": _saved(photo.convert("CMYK"), "JPEG"),
        "mpo": _saved(photo, "MPO", **_frames()),
        "png": _saved(photo, "PNG", exif=exif),
        "png_black_and_white": _saved(photo.convert("1"), "PNG"),
        "png_grey_with_alpha": _saved(photo.convert("LA"), "PNG"),
        "png_palette": _saved(palette, "PNG"),
        "png_16_bits": _saved(Image.new("I;16", (60, 40), 40000), "PNG"),
        "gif": _saved(palette, "GIF", transparency=1),
        "webp": _saved(photo, "WEBP", exif=exif),
        "bmp": _saved(photo, "BMP"),
        "tiff": _saved(photo, "TIFF", compression="tiff_lzw", exif=exif),
        "tiff_pages": _saved(photo, "TIFF", **_frames()),
    }


def _png_of(width: int, height: int) -> bytes:
    """Return a PNG of which there is everything but the pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(header))
    beginning = MAGIC["png"] + struct.pack(">I", 13) + header + checksum
    return beginning + struct.pack(">I", 9) + b"IDAT"


def _check(picture: Picture) -> None:
    """Hold a prepared picture against what is promised of all."""
    small, full = _sizes(picture)
    assert max(small) <= 400
    for content in (picture.small, picture.full):
        image = _opened(content)
        assert content.startswith(MAGIC[picture.extension])
        assert image.format == FORMATS[picture.extension]
        assert image.info.keys() <= HARMLESS
        assert not image.getexif()
    scale = min(1, 400 / max(full))
    assert small == pytest.approx([max(1, side * scale) for side in full], abs=0.5)


def _refusal(source: bytes) -> tuple[PictureRule, str]:
    """Return why a file is refused."""
    with pytest.raises(PictureError) as caught:
        prepare(source)
    return caught.value.rule, caught.value.value


@pytest.mark.parametrize("kind", _sources())
def test_a_picture_of_any_kind_is_prepared(kind: str) -> None:
    """Told by its content, as no name is asked for."""
    _check(prepare(_sources()[kind]))


@pytest.mark.parametrize(
    ("kind", "extension"),
    [
        ("jpeg", "jpg"),
        ("jpeg_cmyk", "jpg"),
        ("mpo", "jpg"),
        ("webp", "jpg"),
        ("png", "png"),
        ("gif", "png"),
        ("bmp", "png"),
        ("tiff", "png"),
    ],
)
def test_a_photograph_becomes_jpeg_and_a_drawing_png(kind: str, extension: str) -> None:
    """As the source's format tells them apart."""
    assert prepare(_sources()[kind]).extension == extension


def test_a_jpeg_that_a_phone_calls_heic_is_a_jpeg(tmp_path: Path) -> None:
    """Some phones convert what they send and keep the name."""
    path = tmp_path / "IMG_0001.heic"
    path.write_bytes(_sources()["jpeg"])
    assert prepare(path.read_bytes()).extension == "jpg"


@pytest.mark.parametrize(
    ("size", "small_size"),
    [
        ((400, 400), (400, 400)),
        ((401, 400), (400, 399)),
        ((1920, 1080), (400, 225)),
        ((1081, 1917), (226, 400)),
        ((3000, 2), (400, 1)),
        ((30, 20), (30, 20)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_the_small_one_keeps_proportions(
    image_format: str, size: tuple[int, int], small_size: tuple[int, int]
) -> None:
    """It is never enlarged, and the full one keeps its size."""
    picture = prepare(_saved(Image.new("RGB", size, "teal"), image_format))
    assert _sizes(picture) == (small_size, size)


@pytest.mark.parametrize("scale", [20, 400])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_a_picture_is_upright_however_the_phone_was_held(
    orientation: int, image_format: str, scale: int
) -> None:
    """Also where the decoder scales it down."""
    corners, (width, height) = STORED[orientation]
    picture = prepare(
        _saved(
            _quarters(corners, (width * scale, height * scale)),
            image_format,
            exif=_exif(orientation=orientation),
        )
    )
    assert _sizes(picture)[1] == (3 * scale, 2 * scale)
    assert (_seen(picture.small), _seen(picture.full)) == ("RGBW", "RGBW")
    _check(picture)


@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0no TIFF header",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        _exif(orientation=9).tobytes(),
    ],
)
def test_broken_metadata_break_no_picture(exif: bytes, image_format: str) -> None:
    """They are thrown away in any case."""
    picture = prepare(_saved(_quarters("RGBW", (60, 40)), image_format, exif=exif))
    assert _seen(picture.full) == "RGBW"
    _check(picture)


def _tagged_png() -> bytes:
    """Return a PNG that tells much in its chunks."""
    texts = PngInfo()
    texts.add_text("Comment", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", SECRET)
    return _saved(
        _photo(),
        "PNG",
        pnginfo=texts,
        exif=_exif(),
        icc_profile=_swapped_profile(),
        dpi=(72, 72),
    )


@pytest.mark.parametrize(
    "tagged",
    [
        lambda: _saved(
            _photo(),
            "JPEG",
            exif=_exif(),
            xmp=SECRET.encode(),
            comment=SECRET,
            icc_profile=_swapped_profile(),
            dpi=(72, 72),
        ),
        _tagged_png,
        lambda: _saved(
            _photo(),
            "WEBP",
            exif=_exif(),
            xmp=SECRET.encode(),
            icc_profile=_swapped_profile(),
        ),
        lambda: _saved(_photo(), "GIF", comment=SECRET),
        lambda: _saved(
            _photo(),
            "TIFF",
            exif=_exif(),
            description=SECRET,
            icc_profile=_swapped_profile(),
        ),
    ],
    ids=["jpeg", "png", "webp", "gif", "tiff"],
)
def test_nobody_learns_where_a_picture_was_taken(tagged: Callable[[], bytes]) -> None:
    """Nothing but pixels gets out of the house."""
    source = tagged()
    assert SECRET.encode() in source
    picture = prepare(source)
    for content in (picture.small, picture.full):
        assert SECRET.encode() not in content
        assert b"acsp" not in content
    _check(picture)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_colours_are_converted_before_their_profile_is_dropped(
    image_format: str,
) -> None:
    """A profile that exchanges red and green shows what it does."""
    red = Image.new("RGB", (60, 40), "red")
    picture = prepare(_saved(red, image_format, icc_profile=_swapped_profile()))
    assert _seen(picture.small) == _seen(picture.full) == "GGGG"


def test_a_conversion_keeps_transparency() -> None:
    """Colours change, the alpha channel does not."""
    red = Image.new("RGBA", (60, 40), (255, 0, 0, 99))
    picture = prepare(_saved(red, "PNG", icc_profile=_swapped_profile()))
    for content in (picture.small, picture.full):
        *_, alpha = _opened(content).getpixel((9, 9))
        assert alpha == 99
        assert _seen(content) == "GGGG"


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "CMYK"])
@pytest.mark.parametrize(
    "profile", [b"no profile", _swapped_profile()[:200]], ids=["none", "half"]
)
def test_a_broken_profile_breaks_no_picture(profile: bytes, mode: str) -> None:
    """The colours are taken as they are."""
    white = Image.new("RGB", (60, 40), "white").convert(mode)
    picture = prepare(_saved(white, "TIFF", icc_profile=profile))
    assert _seen(picture.full) == "WWWW"
    _check(picture)


def test_a_profile_for_other_pixels_is_ignored() -> None:
    """One for RGB says nothing about CMYK."""
    red = Image.new("RGB", (60, 40), "red").convert("CMYK")
    picture = prepare(_saved(red, "JPEG", icc_profile=_swapped_profile()))
    assert _seen(picture.full) == "RRRR"


def _half_transparent(mode: str) -> Image.Image:
    """Return a picture whose left half lets through what is behind."""
    image = Image.new("RGBA", (60, 40), (255, 255, 255, 255))
    image.paste((0, 0, 0, 0), (0, 0, 30, 40))
    return image.convert(mode)


@pytest.mark.parametrize(
    "source",
    [
        _saved(_half_transparent("RGBA"), "PNG"),
        _saved(_half_transparent("LA"), "PNG"),
        _saved(_half_transparent("RGB"), "PNG", transparency=(0, 0, 0)),
        _saved(_half_transparent("L"), "PNG", transparency=0),
        _saved(_half_transparent("1"), "PNG", transparency=0),
        _saved(_half_transparent("RGB").quantize(2), "PNG", transparency=b"\xff\0"),
        _saved(_half_transparent("RGBA"), "GIF"),
        _saved(_half_transparent("RGBA"), "WEBP", lossless=True),
        _saved(_half_transparent("RGBA"), "TIFF"),
    ],
    ids=["rgba", "la", "rgb", "l", "1", "p", "gif", "webp", "tiff"],
)
def test_transparency_is_kept(source: bytes) -> None:
    """However the source says it."""
    picture = prepare(source)
    assert picture.extension == "png"
    for content in (picture.small, picture.full):
        alpha = _opened(content).getchannel("A")
        assert {alpha.getpixel((5, 20)), alpha.getpixel((55, 20))} == {0, 255}
    _check(picture)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
@pytest.mark.parametrize(("bright", "seen"), [(0, 0), (40000, 156), (65535, 255)])
def test_sixteen_bits_keep_their_brightness(
    image_format: str, bright: int, seen: int
) -> None:
    """Most of them would be cut off as white."""
    picture = prepare(_saved(Image.new("I;16", (60, 40), bright), image_format))
    for content in (picture.small, picture.full):
        assert _opened(content).getpixel((9, 9)) == seen


@pytest.mark.parametrize(
    ("colour", "seen"),
    [("red", "RRRR"), ("lime", "GGGG"), ("blue", "BBBB"), ("white", "WWWW")],
)
def test_printers_colours_become_those_of_screens(colour: str, seen: str) -> None:
    """CMYK is not taken as its negative."""
    cmyk = Image.new("RGB", (1000, 700), colour).convert("CMYK")
    picture = prepare(_saved(cmyk, "JPEG"))
    assert _seen(picture.small) == _seen(picture.full) == seen


def test_of_several_views_the_first_is_shown() -> None:
    """A phone's multi-picture JPEG is no animation."""
    views = {"save_all": True, "append_images": [_quarters("WWWW", (60, 40))]}
    picture = prepare(_saved(_quarters("RGBW", (60, 40)), "MPO", **views))
    assert _seen(picture.small) == _seen(picture.full) == "RGBW"


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_refused(image_format: str) -> None:
    """The gateway shows none."""
    source = _saved(_photo(), image_format, **_frames())
    assert _refusal(source) == (PictureRule.ANIMATED, image_format)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"Water!",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><title>401</title>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64),
        _saved(_photo(), "PPM"),
        _saved(_photo(), "ICO"),
    ],
)
def test_whatever_else_is_no_picture(source: bytes) -> None:
    """Nor are formats that Pillow could open, but nobody needs."""
    assert _refusal(source) == (PictureRule.NOT_A_PICTURE, "")


@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "tiff"])
def test_half_a_picture_is_refused(kind: str, part: float) -> None:
    """As when a camera breaks off."""
    source = _sources()[kind]
    assert _refusal(source[: int(len(source) * part)]) == (PictureRule.CORRUPT, "")


def test_a_file_above_the_limit_is_refused() -> None:
    """Whatever it holds, it is not looked into."""
    largest = MAGIC["jpg"] + bytes(MAX_MEBIBYTES * 2**20 - 3)
    assert _refusal(largest) == (PictureRule.CORRUPT, "")
    assert _refusal(largest + b"\0") == (PictureRule.TOO_LARGE, "20")


@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.parametrize(
    "size",
    [(50_000_001, 1), (10_000, 10_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)],
)
def test_a_bomb_is_known_by_its_header(size: tuple[int, int]) -> None:
    """There is nothing else in it that could be decoded."""
    assert _refusal(_png_of(*size)) == (PictureRule.TOO_MANY_PIXELS, "50")


@pytest.mark.filterwarnings("error::Warning")
def test_a_bomb_is_known_where_warnings_are_errors() -> None:
    """Pillow warns of what is large, and refuses only what is larger still."""
    source = _png_of(10_000, 10_000)
    assert _refusal(source) == (PictureRule.TOO_MANY_PIXELS, "50")


def test_as_many_pixels_as_allowed_are_not_refused_for_their_number() -> None:
    """The header is well, but nothing follows."""
    assert _refusal(_png_of(50_000_000, 1)) == (PictureRule.CORRUPT, "")


def test_a_real_bomb_is_refused() -> None:
    """It would be much more in memory than on the disk."""
    source = _saved(Image.new("1", (9_000, 6_000)), "PNG")
    assert len(source) < 100_000
    assert _refusal(source) == (PictureRule.TOO_MANY_PIXELS, "50")


def test_the_limits_of_others_stay() -> None:
    """What the rest of the house opens is not our business."""
    before = Image.MAX_IMAGE_PIXELS
    prepare(_sources()["jpeg"])
    assert before == Image.MAX_IMAGE_PIXELS


def test_the_decoder_scales_a_large_jpeg_down() -> None:
    """Its eighth is decoded, and not the whole."""
    image = open_picture(_saved(Image.new("RGB", (3840, 2160), "teal"), "JPEG"))
    small = prepare_small(image)
    assert image.size == (480, 270)
    assert _opened(small.content).size == (400, 225)


def test_a_log_shows_no_bytes() -> None:
    """A picture is described without its content."""
    picture = prepare(_sources()["jpeg"])
    assert repr(picture) == "Picture(extension='jpg')"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_end_in_a_picture_or_in_words(source: bytes) -> None:
    """No decoder's exception gets out."""
    with suppress(PictureError):
        _check(prepare(source))


@st.composite
def _mangled(draw: st.DrawFn) -> bytes:
    """Draw a file in which some bytes are wrong or missing."""
    source = bytearray(draw(st.sampled_from(list(_sources().values()))))
    wrong = st.tuples(st.integers(0, len(source) - 1), st.integers(0, 255))
    for place, byte in draw(st.lists(wrong, max_size=6)):
        source[place] = byte
    return bytes(source[: draw(st.integers(0, 2 * len(source)))])


@pytest.mark.filterwarnings("ignore::Warning")
@settings(deadline=None)
@given(_mangled())
def test_a_mangled_picture_ends_in_a_picture_or_in_words(source: bytes) -> None:
    """No decoder's exception gets out."""
    with suppress(PictureError):
        _check(prepare(source))


@pytest.mark.parametrize(
    ("mode", "size", "image_format", "options"),
    [
        ("RGBA", (4000, 3000), "WEBP", {"quality": 0, "method": 0}),
        ("RGB", (4000, 3000), "WEBP", {"quality": 0, "method": 0}),
        ("RGBA", (6000, 5000), "PNG", {"compress_level": 1}),
        ("RGB", (4000, 4000), "TIFF", {"compression": "tiff_lzw"}),
        ("RGB", (8000, 5000), "JPEG", {"progressive": True, "subsampling": 0}),
        ("CMYK", (6000, 5000), "JPEG", {"progressive": True}),
    ],
)
def test_what_would_take_too_much_memory_is_not_decoded(
    mode: str, size: tuple[int, int], image_format: str, options: dict[str, Any]
) -> None:
    """Though its file is small, and it has less than fifty megapixels."""
    source = _saved(Image.new(mode, size), image_format, **options)
    with pytest.raises(PictureError) as caught:
        open_picture(source)
    rule, value = caught.value.rule, caught.value.value
    assert (rule, value) == (PictureRule.TOO_MUCH_MEMORY, "256")


@pytest.mark.parametrize(
    ("mode", "image_format", "size"),
    [
        ("RGBA", "WEBP", (4000, 2500)),
        ("RGB", "PNG", (6000, 4000)),
        ("L", "PNG", (8000, 6250)),
        ("1", "TIFF", (4000, 3000)),
        ("RGB", "JPEG", (8000, 6250)),
    ],
)
def test_what_does_not_take_too_much_is_taken(
    mode: str, image_format: str, size: tuple[int, int]
) -> None:
    """The limits are those of the documentation."""
    picture = open_picture(_saved(Image.new(mode, size), image_format))
    assert picture.size == size


def test_a_jpeg_that_would_take_too_much_is_scaled_down() -> None:
    """As phones take them, to be turned; a picture in half its size beats none."""
    exif = Image.Exif()
    exif[0x0112] = 6
    source = _saved(Image.new("RGB", (8000, 6250), "teal"), "JPEG", exif=exif)
    picture = prepare(source)
    _check(picture)
    assert _sizes(picture)[1] == (3125, 4000)


def test_a_large_jpeg_keeps_its_size_where_memory_is_enough() -> None:
    """Nothing is lost without need."""
    source = _saved(Image.new("RGB", (7000, 5000), "teal"), "JPEG")
    assert _sizes(prepare(source))[1] == (7000, 5000)
