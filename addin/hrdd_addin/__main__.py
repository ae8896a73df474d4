"""What the ribbon starts: `python -m hrdd_addin ACTION --book=HEX --hwnd=N`.

The name of the workbook comes as hexadecimal digits, four a character, so that no shell can misread it. Whatever
goes wrong ends in a sentence in a message box; the exit code is 1 only where not even that could be shown.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import xlwings as xw

from hrdd.errors import HrddError
from hrdd_addin import excel
from hrdd_addin.actions import Desk, act
from hrdd_addin.record import data_folder

#: The exit code by which the add-in knows that there is something for Ctrl+Z to take back.
SCORED = 10
_LONGEST = 1000


@dataclass(frozen=True)
class Boxes:
    """Speaks in message boxes of Excel."""

    app: xw.App

    def say(self, text: str) -> None:
        """Show a text."""
        self.app.alert(_fitted(text), title="hrdd")

    def ask(self, text: str) -> bool:
        """Show a text that ends in a question."""
        return self.app.alert(_fitted(text), title="hrdd", buttons="yes_no") == "yes"


def main(arguments: Sequence[str]) -> int:
    """Run one action; the exit code is 0 where the user was told how it went, and SCORED where results were written."""
    action, *options = arguments
    if action == "serve":
        return _serve(options[0])
    given = dict(option.removeprefix("--").split("=", 1) for option in options)
    try:
        book = excel.open_book(spelled_out(given.get("book", "")), int(given.get("hwnd") or 0))
    except HrddError as error:
        sys.stderr.write(f"hrdd: {error}\n")
        return 1
    is_done = run(action, Desk(book, date.today(), Boxes(book.app)))  # noqa: DTZ011  # the day on the user's wall
    return SCORED if is_done and action.startswith("score") else 0


def run(action: str, desk: Desk) -> bool:
    """Run an action; errors become sentences. Whether it was done."""
    try:
        act(action, desk)
        return True
    except HrddError as error:
        desk.teller.say(str(error))
    except Exception as error:  # noqa: BLE001  # nothing may end in a traceback before a user
        desk.teller.say(_logged(error))
    return False


def spelled_out(digits: str) -> str:
    """The text that HrddHex in the add-in wrote as digits.

    >>> spelled_out("00410042D83DDCF7")
    'AB📷'
    """
    return bytes.fromhex(digits).decode("utf-16-be", "replace")


def _logged(error: Exception) -> str:
    log = data_folder() / "last-error.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return (
        f"hrdd met something that it does not know ({type(error).__name__}: {error}). Result columns are written as a "
        f"whole or not at all. Please report it with the file {log}"
    )


def _fitted(text: str) -> str:
    """As much as a message box can show."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _serve(class_id: str) -> int:
    """Answer worksheet functions until Excel ends (Windows only)."""
    from xlwings import com_server

    excel.tame()
    com_server.serve(class_id)  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
