"""Photos that people send: upright, small, without what the camera wrote in them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from gancang.values import N_, Reason, Refused

PHOTO_BYTES_MAX = 8 * 2**20
PHOTO_PIXELS_MAX = 50_000_000  # more than any telephone; a small file can unfold to far more
PHOTO_KINDS = ("JPEG", "PNG", "WEBP")


class Why(Reason):
    """Why a photo is not taken."""

    PHOTO_TOO_BIG = (
        "photo_too_big",
        N_("The photo is larger than {most} MB. Take it in a smaller size, or leave it out."),
    )
    PHOTO_UNREADABLE = (
        "photo_unreadable",
        N_("This is no photo that can be read. Take a JPEG, PNG or WebP, or leave it out."),
    )


def as_jpeg(raw: bytes, *, side: int, quality: int = 75) -> bytes:
    """A photo as JPEG, at most `side` pixels high and wide. Refused if it is too big or none."""
    if len(raw) > PHOTO_BYTES_MAX:
        raise Refused(Why.PHOTO_TOO_BIG, most=PHOTO_BYTES_MAX // 2**20)
    try:
        with Image.open(io.BytesIO(raw), formats=PHOTO_KINDS) as taken:
            if taken.width * taken.height > PHOTO_PIXELS_MAX:
                raise Refused(Why.PHOTO_TOO_BIG, most=PHOTO_BYTES_MAX // 2**20)
            upright = ImageOps.exif_transpose(taken).convert("RGB")
    # What Pillow raises at files that are cut off, forged or of another kind.
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused(Why.PHOTO_UNREADABLE) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Why.PHOTO_TOO_BIG, most=PHOTO_BYTES_MAX // 2**20) from error
    upright.thumbnail((side, side))
    # A new image carries only its pixels: no place, no owner, no thumbnail of before.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    kept = io.BytesIO()
    bare.save(kept, "JPEG", quality=quality, optimize=True)
    return kept.getvalue()
