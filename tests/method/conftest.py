"""The shipped policy, as a company would copy it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml


@pytest.fixture
def shipped_levels() -> dict[str, Any]:
    """The entries of the shipped policy file."""
    text = (files("hrdd") / "method" / "levels.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
