"""What cannot be written without loss is declined with an offer, and what lies behind a password is read with it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

ROW = {"transaction_id": "T-1", "product": "Thermal camera", "end_user": "Acme GmbH", "destination_country": "Germany"}


@pytest.fixture
def odd(book: Callable[..., Path]) -> Path:
    """A workbook with a comment in the XML between two rows."""
    plain = book(ROW, ROW | {"transaction_id": "T-2"})
    path = plain.with_name("odd.xlsx")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename.startswith("xl/worksheets/"):
                data = data.replace(b"</row>", b"</row><!-- by hand -->", 1)
            target.writestr(member, data)
    return path


def test_a_decline_says_why_and_what_is_offered(hrdd: Callable, odd: Path) -> None:
    """Nothing is written; the sentence names the reason and the option."""
    before = odd.read_bytes()
    result = hrdd("score", odd, "--in-place")
    assert result.exit_code != 0
    assert "stand among the rows" in result.stderr
    assert "--rewrite writes it with openpyxl and lists what that loses" in result.stderr
    assert odd.read_bytes() == before


def test_the_offer_taken_lists_what_is_lost(hrdd: Callable, odd: Path) -> None:
    """The results stand in the file, and the report says why it was rewritten and what that cost."""
    result = hrdd("score", odd, "--in-place", "--rewrite")
    assert result.exit_code == 0, result.output
    assert "The whole workbook was rewritten, because:" in result.stdout
    assert "Lost: 1 x comment in the XML." in result.stdout
    assert "HRDD rating" in [cell.value for cell in openpyxl.load_workbook(odd).active[1]]


def test_a_protected_workbook_is_read_with_its_password(hrdd: Callable, book: Callable[..., Path]) -> None:
    """Without it, with it, and where results should be written into it."""
    plain = book(ROW)
    path, words = plain.with_name("secret.xlsx"), plain.with_name("words.txt")
    words.write_text("open sesame\n", encoding="utf-8")
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("open sesame", target)
    assert "read it with --password-file" in hrdd("score", path, "--dry-run").stderr
    read = hrdd("score", path, "--dry-run", "--password-file", words)
    assert read.exit_code == 0, read.output
    assert "1 row" in read.stdout
    assert "sesame" not in read.output
    assert "can be read but not written" in hrdd("score", path, "--in-place", "--password-file", words).stderr
