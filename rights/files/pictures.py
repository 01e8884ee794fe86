"""Pictures, drawn anew: what is kept are pixels, without place, time, camera, comments or anything behind the end."""

import io
import warnings

from PIL import Image, ImageOps

from rights.files import limits
from rights.files.refused import BROKEN, LARGE, Refused

JPEG, PNG = "JPEG", "PNG"
MODES = {JPEG: ("L", "RGB"), PNG: ("1", "L", "LA", "RGB", "RGBA")}


def rewritten(data: bytes, kind: str) -> bytes:
    """`kind` alone of Pillow's readers is asked. Raises `Refused`."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
    try:
        picture = Image.open(io.BytesIO(data), formats=(kind,))
        if picture.width * picture.height > limits.MAX_PIXELS:
            raise Refused(LARGE)
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(LARGE) from None
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, EOFError):
        raise Refused(BROKEN) from None
    return _drawn(picture, kind)


def _drawn(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in MODES[kind]:
        upright = upright.convert(_mode(upright, kind))
    upright.thumbnail((limits.LONGEST_SIDE, limits.LONGEST_SIDE))
    # Of raw pixels alone, so that nothing hangs on it that a writer would write along.
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": 85} if kind == JPEG else {}))
    if out.tell() > limits.MAX_KEPT_BYTES:
        raise Refused(LARGE)
    return out.getvalue()


def _mode(picture: Image.Image, kind: str) -> str:
    transparent = picture.mode in ("PA", "La", "RGBa") or "transparency" in picture.info
    return "RGBA" if transparent and kind == PNG else "RGB"
