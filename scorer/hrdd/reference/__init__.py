"""Reference data: what the world looked like on a row's date, and where we know it from.

Every data file has a passport (publisher, version, date, licence, hash, look again by). Nothing here is a list of
restricted parties to screen against: those go stale in days and are added by the user.
"""

from __future__ import annotations

from hrdd.reference.loading import Reference, load_reference
from hrdd.reference.passports import Passport, overdue

__all__ = ["Passport", "Reference", "load_reference", "overdue"]
