"""URLs as they may be shown: without the passwords, keys and tokens that they carry."""

from __future__ import annotations

import re

_SECRET = re.compile(r"(?i)([?&;][^=&;]*(?:pass|pwd|secret|token|key|sig|cred|odbc)[^=&;]*=)[^&;]*")


def shown(url: str) -> str:
    """A URL without its password, be it before the host or among the parameters, for messages and logs."""
    if "://" not in url:
        return url  # a path
    head, at, tail = url.rpartition("@")
    scheme, slashes, login = head.partition("://")
    open_ones = f"{scheme}{slashes}{login.partition(':')[0]}{at}{tail}" if at else url
    return _SECRET.sub(r"\1***", open_ones)
