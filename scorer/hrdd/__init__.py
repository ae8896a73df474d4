"""Human-rights due diligence: DataFrame in, DataFrame out.

The names of `__all__` are the public interface. They are loaded when they are first asked for, so that `import hrdd`
costs no pandas: `score` rates a frame, `explain` puts one of its rows into words, `load_catalogue` and
`load_reference` are the rules and the data that both stand on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrdd.engine import score
    from hrdd.explanation import explain
    from hrdd.packs import load_catalogue
    from hrdd.reference import load_reference
    from hrdd.results import Scores

__version__ = "0.1.0"
__all__ = ["Scores", "__version__", "explain", "load_catalogue", "load_reference", "score"]

_HOMES = {
    "Scores": "hrdd.results",
    "explain": "hrdd.explanation",
    "load_catalogue": "hrdd.packs",
    "load_reference": "hrdd.reference",
    "score": "hrdd.engine",
}


def __getattr__(name: str) -> Any:  # the type depends on the name; type checkers read the imports above
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
