"""Delimited text: how it is written is found out, in whatever country it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd_workbook import read_transactions

HEAD = ["Transaction ID", "Product", "End user", "Destination country", "Amount"]


def _saved(path: Path, *records: list[str], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    lines = [delimiter.join(record) for record in (HEAD, *records)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (("Kamera für Zürich", "Stadtpolizei", "Österreich"), "cp1252"),
        (("Caméra à Orléans", "Ministère de l'Intérieur", "Côte d'Ivoire"), "cp1252"),
        (("Камера видеонаблюдения", "Министерство внутренних дел", "Беларусь"), "cp1251"),
        (("Güvenlik kamerası", "İçişleri Bakanlığı", "Türkiye"), "cp1254"),
        (("監視カメラ", "警察庁", "日本"), "cp932"),
        (("监控摄像头", "公安部", "中国"), "gb18030"),
        (("경찰청 카메라", "경찰청", "대한민국"), "cp949"),
        (("摄像头 é", "公安部", "中国"), "utf-16"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, texts: tuple[str, ...], encoding: str) -> None:
    """The cells read as they were typed, and an encoding that was inferred is named."""
    read = read_transactions(_saved(tmp_path / "a.csv", ["T1", *texts, "5"], encoding=encoding))
    assert read.frame[["product", "end_user", "destination_country"]].iloc[0].tolist() == list(texts)
    assert any(encoding in note for note in read.notes) == (encoding != "utf-16")


@pytest.mark.parametrize(
    ("amounts", "numbers"),
    [
        (["1.234,50", "12,5", "1.000"], [1234.5, 12.5, 1000.0]),
        (["1,234.50", "12.5", "1,000"], [1234.5, 12.5, 1000.0]),
        (["1.234", "5", "n/a"], ["1.234", 5.0, "n/a"]),
        (["12,5", "12.5", "7"], ["12,5", "12.5", 7.0]),
        (["-1 234,5", "+3,25", "1'000"], [-1234.5, 3.25, 1000.0]),
    ],
)
def test_the_decimal_mark_is_that_of_the_whole_file(tmp_path: Path, amounts: list[str], numbers: list[object]) -> None:
    """What only one mark explains decides for all cells; where nothing or both do, the cells stay as they are."""
    rows = [["T", "Camera", "Shop", "Norway", amount] for amount in amounts]
    assert read_transactions(_saved(tmp_path / "a.csv", *rows)).frame["amount"].tolist() == numbers


def test_commas_in_texts_do_not_make_the_delimiter(tmp_path: Path) -> None:
    """The delimiter is the one under which the header reads as one, not the sign that is most frequent."""
    rows = [["T1", "Camera, dome, white, 4K, small", "Shop, Ltd, the", "Norway", "12,5"]] * 3
    read = read_transactions(_saved(tmp_path / "a.csv", *rows))
    assert read.frame["product"].tolist() == ["Camera, dome, white, 4K, small"] * 3


def test_ragged_and_blank_lines(tmp_path: Path) -> None:
    """A short line has blanks at its end, a long one more cells than are asked for, a blank one is none."""
    path = tmp_path / "a.csv"
    path.write_text(f"{','.join(HEAD)}\nT1,Camera\n\nT2,Camera,Shop,Norway,5,more,and more\n", encoding="utf-8")
    read = read_transactions(path)
    assert read.frame["end_user"].tolist() == [None, "Shop"]
    assert read.row_numbers.tolist() == [2, 4]
