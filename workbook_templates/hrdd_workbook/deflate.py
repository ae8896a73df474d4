"""Deflate and its checksum: ISA-L where there is a wheel of it, else the standard library; both read each other.

ISA-L (python-isal, PSF licence over Intel's BSD code) inflates twice and deflates four times as fast as zlib
at level 1, to a smaller file.
"""

from __future__ import annotations

import zlib
from types import ModuleType
from typing import Any


def _fastest() -> ModuleType:
    try:
        from isal import isal_zlib
    except ImportError:  # no wheel for this machine
        return zlib
    return isal_zlib  # the same functions under the same names


_FAST = _fastest()
crc32 = _FAST.crc32
#: What a broken stream raises.
ERRORS: tuple[type[Exception], ...] = (zlib.error, _FAST.error)


def inflater() -> Any:
    """An object that inflates a raw stream, as `zlib.decompressobj`."""
    return _FAST.decompressobj(-15)


def deflater(level: int = 1) -> Any:
    """An object that deflates into a raw stream, as `zlib.compressobj`; ISA-L has the levels up to 3 alone."""
    return (_FAST if level <= 3 else zlib).compressobj(level, zlib.DEFLATED, -15)
