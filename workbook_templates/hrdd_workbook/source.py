"""Opening a file for reading: which kind it is, whether it needs a password, how large it will become."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hrdd_workbook.errors import NotAWorkbook, ProtectedByPassword
from hrdd_workbook.guard import check_members, kind_of
from hrdd_workbook.package import Package
from hrdd_workbook.parts import Book, read_book, refuse_document_type
from hrdd_workbook.table import Table, tables_of

_TEXT = (".csv", ".tsv", ".txt")
_OOXML = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")


@dataclass
class Source:
    """A file to read. `file` is what the child opens: the path itself or a decrypted copy."""

    path: Path
    file: Path
    kind: str
    megabytes: float = 0.0
    writable: bool = True
    package: Package | None = None
    book: Book | None = None
    _tables: dict[str, list[Table]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name, for sentences."""
        return self.path.name

    def look(self) -> None:
        """Read the workbook part of an .xlsx-like file."""
        if self.package is not None and self.package.find("[Content_Types].xml") and not self._is_binary():
            self.book = read_book(self.package)
            for kind in ("sharedStrings", "styles"):
                refuse_document_type(self.package, self.book.related(kind))

    def _is_binary(self) -> bool:
        assert self.package is not None  # noqa: S101  # asked above
        return self.package.find("xl/workbook.bin") is not None

    def tables(self, sheet: str) -> list[Table]:
        """The tables of a sheet; none in formats other than .xlsx and its kin."""
        if self.book is None or self.package is None:
            return []
        if sheet not in self._tables:
            part = next((s.part for s in self.book.sheets if s.name == sheet), None)
            self._tables[sheet] = tables_of(self.package, part) if part else []
        return self._tables[sheet]

    def sheet_pieces(self, sheet: str) -> Iterator[bytes] | None:
        """The inflated worksheet part, where there is one."""
        if self.book is None or self.package is None:
            return None
        part = next((s.part for s in self.book.sheets if s.name == sheet), None)
        member = self.package.find(part) if part else None
        return None if member is None else self.package.chunks(member)


@contextlib.contextmanager
def open_source(path: Path, password: str | None) -> Iterator[Source]:
    """Tell the kind of a file by its first bytes, decrypt it if need be, and check a zip's directory."""
    if not path.is_file():
        wrong = f"{path} is not a file" if path.exists() else f"There is no file {path}"
        raise NotAWorkbook(f"{wrong}; give the path of a workbook.")
    kind = kind_of(path)
    if kind == "empty":
        raise NotAWorkbook(f"{path.name} is empty.")
    if kind == "other":
        if path.suffix.lower() in _TEXT:
            yield Source(path, path, "text", writable=False)
            return
        raise NotAWorkbook(
            f"{path.name} is not a workbook, whatever its name says; open it in Excel and save it as .xlsx."
        )
    with contextlib.ExitStack() as stack:
        file, encrypted = path, False
        if kind == "ole":
            file, encrypted = _opened(path, password, stack)
        yield _zip_or_old(path, file, encrypted, stack)


def _zip_or_old(path: Path, file: Path, encrypted: bool, stack: contextlib.ExitStack) -> Source:  # one caller
    if kind_of(file) != "zip":
        return Source(path, file, "old", file.stat().st_size / (1 << 20) * 4, writable=False)
    package = stack.enter_context(Package(file))
    check_members(package)
    size = sum(member.file_size for member in package.members) / (1 << 20)
    ooxml = package.find("xl/workbook.bin") is None and package.find("[Content_Types].xml") is not None
    return Source(path, file, "zip", size, writable=ooxml and not encrypted, package=package)


def _opened(path: Path, password: str | None, stack: contextlib.ExitStack) -> tuple[Path, bool]:
    """The file to read in place of an OLE file: itself when it is a plain .xls, else a decrypted copy."""
    import msoffcrypto
    from msoffcrypto import exceptions

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hrdd-")))
    with path.open("rb") as file:
        try:
            office = msoffcrypto.OfficeFile(file)
            if not office.is_encrypted():
                return path, False
            if password is None:
                raise ProtectedByPassword(f"{path.name} is protected by a password; read it with --password-file.")
            office.load_key(password=password, verify_password=True)
            copy = folder / f"opened{path.suffix}"
            with copy.open("wb") as target:
                office.decrypt(target)
        except ProtectedByPassword:
            raise
        except exceptions.InvalidKeyError as error:
            raise ProtectedByPassword(f"The password given does not open {path.name}.") from error
        except Exception as error:  # the library raises whatever its parsers meet in a broken file
            raise NotAWorkbook(
                f"{path.name} is not a readable workbook ({type(error).__name__}: {error}); "
                "save it anew from Excel and retry."
            ) from error
    return copy, True
