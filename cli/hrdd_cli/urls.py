"""URLs as they may be shown: without the password that they carry."""

from __future__ import annotations


def shown(url: str) -> str:
    """A URL without its password, for messages and logs."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, login = head.partition("://")
    return f"{scheme}{slashes}{login.partition(':')[0]}{at}{tail}" if at else url
