"""A VBA project (MS-OVBA) from the text of its modules: source only, no compiled code.

The version number FFFF in `_VBA_PROJECT` tells Excel that there is no compiled code, so that it compiles the
source when it opens the file. Nothing here depends on the machine or the clock.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hrdd_addin.compound_file import compound_file

#: Project id; any fixed one serves, and the three keys of protection below follow from it.
_ID = "{8C1C28E1-48D0-4D5A-9B3C-8D0D7C1F3A57}"
_WORKBOOK, _SHEET = "{00020819-0000-0000-C000-000000000046}", "{00020820-0000-0000-C000-000000000046}"
_REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    ("Office", r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0##Microsoft Office 16.0 Object Library"),
)
_CODE_PAGE, _LOCALE, _WINDOWS_64 = 1252, 0x0409, 3


@dataclass(frozen=True)
class Module:
    """One module: its name, its source without attributes, and what it stands for."""

    name: str
    source: str
    kind: Literal["module", "workbook", "sheet"] = "module"

    @property
    def is_document(self) -> bool:
        """Whether the module belongs to the workbook or a sheet."""
        return self.kind != "module"

    @property
    def text(self) -> bytes:
        """The source as the project keeps it: attributes first, lines ended as Windows does."""
        lines = [f'Attribute VB_Name = "{self.name}"', *self._attributes(), *self.source.splitlines()]
        return ("\r\n".join(lines) + "\r\n").encode("ascii")

    def _attributes(self) -> Iterator[str]:
        if not self.is_document:
            return
        yield f'Attribute VB_Base = "0{_WORKBOOK if self.kind == "workbook" else _SHEET}"'
        for name, value in (
            ("GlobalNameSpace", False), ("Creatable", False), ("PredeclaredId", True), ("Exposed", True),
            ("TemplateDerived", False), ("Customizable", True),
        ):  # fmt: skip
            yield f"Attribute VB_{name} = {value}"


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """The content of vbaProject.bin."""
    sources = {module.name: compressed(module.text) for module in modules}
    storage = {"dir": compressed(_directory(name, modules)), "_VBA_PROJECT": bytes.fromhex("CC61FFFF000000")}
    return compound_file(
        {
            "VBA": {**storage, **sources},
            "PROJECT": _project(name, modules).encode("ascii"),
            "PROJECTwm": b"".join(_wide_name(module.name) for module in modules) + b"\0\0",
        }
    )


def _wide_name(name: str) -> bytes:
    return name.encode("ascii") + b"\0" + name.encode("utf-16-le") + b"\0\0"


def _project(name: str, modules: Sequence[Module]) -> str:
    lines = [f'ID="{_ID}"']
    lines += [f"Document={m.name}/&H00000000" if m.is_document else f"Module={m.name}" for m in modules]
    lines += [f'Name="{name}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'{key}="{_hidden(data)}"' for key, data in (("CMG", bytes(4)), ("DPB", b"\0"), ("GC", b"\xff"))]
    lines += ["", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"]
    lines += ["", "[Workspace]", *(f"{module.name}=0, 0, 0, 0, C" for module in modules)]
    return "\r\n".join(lines) + "\r\n"


def _hidden(data: bytes) -> str:
    """Data in the encoding of MS-OVBA 2.4.3.2 under a seed of nought, as the keys of protection are kept."""
    key = sum(_ID.encode("ascii")) & 0xFF
    made, older, newer, plain = [0, 2, key], 2, key, key
    for byte in struct.pack("<I", len(data)) + data:
        code = byte ^ ((older + plain) & 0xFF)
        older, newer, plain = newer, code, byte
        made.append(code)
    return bytes(made).hex().upper()


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The `dir` stream: what the project is, what it refers to, and where each module's source begins."""
    parts = [
        _record(0x01, struct.pack("<I", _WINDOWS_64)),
        _record(0x02, struct.pack("<I", _LOCALE)),
        _record(0x14, struct.pack("<I", _LOCALE)),
        _record(0x03, struct.pack("<H", _CODE_PAGE)),
        _record(0x04, name.encode("ascii")),
        _record(0x05) + _record(0x40),
        _record(0x06) + _record(0x3D),
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 1, 1),
        _record(0x0C) + _record(0x3C),
    ]
    for reference, place in _REFERENCES:
        parts.append(_named(0x16, 0x3E, reference))
        libid = place.encode("ascii")
        parts.append(_record(0x0D, struct.pack("<I", len(libid)) + libid + bytes(6)))
    parts.append(_record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff"))
    parts += [_module(module) for module in modules]
    return b"".join(parts) + _record(0x10)


def _module(module: Module) -> bytes:
    return b"".join(
        [
            _named(0x19, 0x47, module.name),
            _named(0x1A, 0x32, module.name),
            _record(0x1C) + _record(0x48),
            _record(0x31, bytes(4)),
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x22 if module.is_document else 0x21),
            _record(0x2B),
        ]
    )


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _named(narrow: int, wide: int, name: str) -> bytes:
    return _record(narrow, name.encode("ascii")) + _record(wide, name.encode("utf-16-le"))


_CHUNK = 4096


def compressed(data: bytes) -> bytes:
    """A stream compressed as MS-OVBA 2.4.1 has it: chunks of 4096 bytes, each with its own copies."""
    return b"\x01" + b"".join(_chunk(data[at : at + _CHUNK]) for at in range(0, len(data), _CHUNK))


def _chunk(data: bytes) -> bytes:
    made = bytearray()
    at = 0
    while at < len(data):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(data):
                break
            offset, length = _longest_copy(data, at)
            if length:
                flags |= 1 << bit
                tokens += _copy_token(at, offset, length)
            else:
                tokens.append(data[at])
            at += length or 1
        made.append(flags)
        made += tokens
    return struct.pack("<H", 0xB000 | (len(made) - 1)) + bytes(made)


def _length_bits(at: int) -> int:
    """How many bits of a copy token hold its length, so many bytes into a chunk."""
    return 16 - max((at - 1).bit_length(), 4)


def _copy_token(at: int, offset: int, length: int) -> bytes:
    return struct.pack("<H", (offset - 1) << _length_bits(at) | (length - 3))


def _longest_copy(data: bytes, at: int) -> tuple[int, int]:
    """How far back and how long the longest earlier run is that repeats here; a length of 0 for none of 3 or more."""
    limit = min(len(data) - at, (1 << _length_bits(at)) + 2) if at else 0
    place, length = -1, 2
    while length < limit:
        found = data.rfind(data[at : at + length + 1], 0, at + length)
        if found < 0:
            break
        place, length = found, length + 1
    return (at - place, length) if place >= 0 else (0, 0)
