"""What a workbook is: layout, template, reading and in-place writing of files.

The names below are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrdd_workbook.read import read_transactions
    from hrdd_workbook.results import ExtraSheet, Formula, Link, ResultColumn, WriteReport
    from hrdd_workbook.transactions import CellError, NoCachedValue, Transactions
    from hrdd_workbook.write import write_columns

__all__ = [
    "CellError",
    "ExtraSheet",
    "Formula",
    "Link",
    "NoCachedValue",
    "ResultColumn",
    "Transactions",
    "WriteReport",
    "read_transactions",
    "write_columns",
]

_HOME = {
    "CellError": "transactions",
    "ExtraSheet": "results",
    "Formula": "results",
    "Link": "results",
    "NoCachedValue": "transactions",
    "ResultColumn": "results",
    "Transactions": "transactions",
    "WriteReport": "results",
    "read_transactions": "read",
    "write_columns": "write",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"hrdd_workbook.{_HOME[name]}"), name)
