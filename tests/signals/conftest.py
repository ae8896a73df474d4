"""Settings of the tests in this folder."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a busy machine is no finding
settings.load_profile("patient")
