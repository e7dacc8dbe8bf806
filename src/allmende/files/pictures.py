"""Pictures are decoded and written anew: whatever else was in the file (places, cameras, scripts, a second file) is gone."""

import warnings
from io import BytesIO
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from allmende.ground.refusals import BadInput, require

MOST_PIXELS = 40_000_000
"""A decompression bomb is small as a file and huge as a picture; telephones take 12 to 50 million."""
LONGEST_SIDE = 2_400
SAVED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("image/jpeg", "jpg", {"quality": 85, "optimize": True, "progressive": True}),
    "PNG": ("image/png", "png", {"optimize": True}),
    "WEBP": ("image/webp", "webp", {"quality": 85, "method": 4}),
}
_ONE_AT_A_TIME = Lock()
"""A picture of 40 million dots takes some 300 MB while it is open; two at once are too much for a small machine."""


def written_anew(data: bytes, kind: str) -> tuple[bytes, str, str, tuple[str, ...]]:
    """The picture as new bytes, its type, its ending, and what is to be said. Refused where it cannot be read or is too large."""
    with _ONE_AT_A_TIME:
        try:
            picture, is_moving = _opened(data, kind)
            saved_as = "PNG" if kind == "GIF" else kind
            written = BytesIO()
            content_type, ending, options = SAVED[saved_as]
            picture.save(written, saved_as, **options)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError, Image.DecompressionBombError) as fault:
            raise BadInput(_("This picture cannot be read; it may be damaged. Please save it once more as JPEG or PNG.")) from fault
    remarks = (_("Moving pictures stand still here: the first one was kept."),) if is_moving else ()
    return written.getvalue(), content_type, ending, remarks


def _opened(data: bytes, kind: str) -> tuple[Image.Image, bool]:
    """The decoded picture, upright, small enough, with colours every browser knows; and whether it moved."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = Image.open(BytesIO(data), formats=(kind,))
        width, height = picture.size
        limit = {"limit": MOST_PIXELS // 1_000_000}
        require(
            width * height <= MOST_PIXELS,
            _("This picture has more than %(limit)d million dots. Please make it smaller.") % limit,
            BadInput,
        )
        is_moving = bool(getattr(picture, "is_animated", False))
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: decoded at the size that is needed, not larger
        picture.load()
        upright = _in_known_colours(ImageOps.exif_transpose(picture), kind)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright.info = {}  # what the file said besides: comments, places, profiles
    return upright, is_moving


def _in_known_colours(picture: Image.Image, kind: str) -> Image.Image:
    profile = picture.info.get("icc_profile")
    has_alpha = "A" in picture.mode or "transparency" in picture.info
    mode = "RGBA" if has_alpha and kind != "JPEG" else "L" if picture.mode in {"1", "L", "I;16", "I"} else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            turned = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if mode == "RGBA" else "RGB",
            )
            picture = turned or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be used is left out, as the picture has no other
    return picture if picture.mode == mode else picture.convert(mode)
