"""The check before a workbook is opened: what is no workbook, or would exhaust memory, is told apart early."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hrdd_workbook.errors import Declined, HostileFile, NotAWorkbook, ProtectedByPassword
from hrdd_workbook.package import Package, part_name

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_MEMBERS = 20_000
_BIG = 64 << 20
_HUGE = 16 << 30
_RATIO = 100


def kind_of(path: Path) -> str:
    """What the first bytes say: "zip", "ole" (.xls or encrypted), "empty" or "other"."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        return "empty"
    if start == _OLE:
        return "ole"
    return "zip" if start[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08") else "other"


def check_package(path: Path) -> None:
    """Refuse what is no .xlsx-like file, or what a zip bomb looks like; reads only the directory."""
    kind = kind_of(path)
    if kind == "ole":
        raise ProtectedByPassword(
            f"{path.name} is protected by a password or is an old .xls file; results are written only into "
            "unprotected .xlsx and .xlsm files, so save it as one from Excel."
        )
    if kind != "zip":
        what = "is empty" if kind == "empty" else "is not an Excel workbook, whatever its name says"
        raise NotAWorkbook(f"{path.name} {what}; open it in Excel and save it as .xlsx.")
    with Package(path) as package:
        check_members(package)


def check_members(package: Package) -> None:
    """Refuse duplicate names, encrypted members and absurd sizes; all of it stands in the directory."""
    name = package.path.name
    if len(package.members) > _MOST_MEMBERS:
        raise HostileFile(f"{name} has {len(package.members)} parts, where a workbook has at most thousands.")
    seen: set[str] = set()
    for member in package.members:
        folded = part_name(member.filename).casefold()
        if folded in seen:
            raise HostileFile(
                f"{name} holds the part {member.filename} twice, so programs would read different things; "
                "save it anew from Excel."
            )
        seen.add(folded)
        _check_member(name, member)
    if sum(member.file_size for member in package.members) > _HUGE:
        raise HostileFile(f"{name} would unpack to more than {_HUGE >> 30} GB.")


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise ProtectedByPassword(f"{name} is a zip with encrypted parts; save it without a password.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Declined(f"{name}: {member.filename} is compressed in a way that workbooks do not use.")
    if member.file_size > _BIG and member.file_size > _RATIO * max(member.compress_size, 1):
        raise HostileFile(
            f"{name}: {member.filename} would unpack from {member.compress_size >> 10} KB to "
            f"{member.file_size >> 20} MB, as a zip bomb does; it was not opened."
        )


def refuse_signed(package: Package) -> None:
    """A signature over the whole package would break with any change."""
    if any(member.filename.casefold().startswith("_xmlsignatures/") for member in package.members):
        raise Declined(
            f"{package.path.name} is digitally signed; adding results would break the signature, "
            "so write to an unsigned copy.",
        )
