"""Screening of party names against dated lists. Shipped today: the table of listed surveillance vendors.

The seam for a full engine is `Screen`: anything that can look up names on dates.
"""

from __future__ import annotations

from hrdd.screening.vendors import Entries, Listed, Matches, Screen, VendorTable, blocked_table, vendor_table

__all__ = ["Entries", "Listed", "Matches", "Screen", "VendorTable", "blocked_table", "vendor_table"]
