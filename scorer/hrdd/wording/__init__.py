"""What the words of a row allow: product category, kind of end user, and properties of the stated end use.

Everything read here is an inference from words. It never overrides a choice, and never reads less than the
words allow: of several readings the gravest stands, unless a listed ordinary phrase says otherwise.
"""

from __future__ import annotations

from hrdd.wording.end_users import EndUserReading, read_end_users
from hrdd.wording.end_uses import EndUseReading, read_end_uses
from hrdd.wording.products import ProductReading, read_products

__all__ = [
    "EndUseReading",
    "EndUserReading",
    "ProductReading",
    "read_end_users",
    "read_end_uses",
    "read_products",
]
