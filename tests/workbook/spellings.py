"""Random sheets in odd but legal spellings, for the tests that must hold whatever a sheet looks like."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from html import escape

from hrdd_workbook.refs import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORDS = ("HIGH", "a & b < c", " outer ", "two\nlines", "_x0041_", "ÄÖ😀", "]]>", "=1+1", None)


@dataclass
class Spelled:
    """How one random sheet is spelled; each choice is drawn once or anew for every tag."""

    rng: random.Random
    prefix: str = ""
    odd: float = 0.0
    numbered: float = 1.0
    pretty: str = ""
    columns: dict[int, set[int]] = field(default_factory=dict)

    def attribute(self, name: str, value: str) -> str:
        """One attribute with its blanks."""
        quote = "'" if self.rng.random() < self.odd else '"'
        blank = self.rng.choice(["  ", "\n", "\t", " "]) if self.rng.random() < self.odd else " "
        equals = " = " if self.rng.random() < self.odd / 3 else "="
        return f"{blank}{name}{equals}{quote}{escape(value, quote=True)}{quote}"

    def end(self, name: str) -> str:
        """An end tag."""
        return f"</{self.prefix}{name}{' ' if self.rng.random() < self.odd else ''}>"

    def cell(self, row: int, column: int, told: bool) -> str:
        """A cell of any type, with or without its reference."""
        attributes = [self.attribute("r", f"{letters(column)}{row}")] if told else []
        if self.rng.random() < 0.4:
            attributes.append(self.attribute("s", str(self.rng.randrange(5))))
        kind, inner = self._content(row)
        if kind:
            attributes.append(self.attribute("t", kind))
        if self.rng.random() < self.odd:
            self.rng.shuffle(attributes)
        start = f"<{self.prefix}c{''.join(attributes)}"
        if not inner:
            return f"{start}{' ' if self.rng.random() < self.odd else ''}/>"
        return f"{start}>{inner}{self.end('c')}"

    def _content(self, row: int) -> tuple[str, str]:
        p = self.prefix
        value = self.rng.randrange(8)
        if value == 0:
            return "", ""
        if value == 1:
            return "s", f"<{p}v>{self.rng.randrange(9)}</{p}v>"
        if value == 2:
            text = escape(self.rng.choice([word for word in WORDS if word]), quote=False)
            return "inlineStr", f'<{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is>'
        if value == 3:
            return "b", f"<{p}v>1</{p}v>"
        if value == 4 and row != 1 and not self.columns.get(-1):
            return "str", f'<{p}f>A1&amp;">"</{p}f><{p}v>x</{p}v>'
        if value == 5:
            return "e", f"<{p}v>#N/A</{p}v>"
        return "", f"<{p}v>{self.rng.random() * 100}</{p}v>"

    def row(self, number: int, told: bool) -> str:
        """A row of up to five cells, or an empty element."""
        attributes = [self.attribute("r", str(number))] if told else []
        if self.rng.random() < 0.5:
            attributes.append(self.attribute("spans", "1:9"))
        if self.rng.random() < 0.3:
            attributes += [self.attribute("ht", "20"), self.attribute("customHeight", "1")]
        if self.rng.random() < self.odd:
            self.rng.shuffle(attributes)
        start = f"<{self.prefix}row{''.join(attributes)}"
        if self.rng.random() < 0.1 and number != 1:
            return f"{start}/>"
        column, cells = 0, []
        for _ in range(self.rng.randrange(6)):
            step = 1 if self.rng.random() < 0.7 else self.rng.randrange(2, 30)
            column += step
            cells.append(self.cell(number, column, step > 1 or self.rng.random() < self.numbered))
        inner = self.pretty.join(["", *cells, ""]) if cells or self.pretty else ""
        return f"{start}>{inner}{self.end('row')}"

    def sheet(self) -> bytes:
        """A worksheet part."""
        number, rows = 0, []
        for _ in range(self.rng.randrange(14)):
            step = 1 if self.rng.random() < 0.8 else self.rng.randrange(2, 5)
            number += step
            rows.append(self.row(number, step > 1 or self.rng.random() < self.numbered))
        p = self.prefix
        spell = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
        data = (
            f"<{p}sheetData>{self.pretty.join(['', *rows, ''])}{self.end('sheetData')}" if rows else f"<{p}sheetData/>"
        )
        after = f'<{p}pageMargins left="1"/>' if self.rng.random() < 0.5 else ""
        return f"<{p}worksheet {spell}><{p}dimension ref='A1'/>{data}{after}</{p}worksheet>".encode()


def spelled(rng: random.Random) -> Spelled:
    """A way of spelling: often quite usual, sometimes as odd as is legal."""
    return Spelled(
        rng,
        prefix=rng.choice(["", "", "x:", "main:"]),
        odd=rng.choice([0.0, 0.0, 0.05, 0.5]),
        numbered=rng.choice([1.0, 1.0, 0.0, 0.6]),
        pretty=rng.choice(["", "", "", "\n  ", "\r\n"]),
    )
