"""The way of last resort: openpyxl loads and saves the whole workbook, and what that loses is listed.

It is taken only when the user asked for it and the byte path declined. openpyxl's copy then takes the byte path like
any other workbook, so that tables grow, extra sheets come and results look as they always do.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from hrdd.counting import counted
from hrdd_workbook.atomic import Place
from hrdd_workbook.errors import Declined
from hrdd_workbook.package import Package
from hrdd_workbook.results import WriteReport

_KEPT = re.compile(
    r"(xl/(workbook|styles|sharedStrings|calcChain|theme/theme\d+)|docProps/\w+)\.xml|\[Content|.*\.rels$"
)
_CACHED = re.compile(rb"</(?:\w+:)?f><(?:\w+:)?v>[^<]|<(?:\w+:)?f[^<>]*/><(?:\w+:)?v>[^<]")
_LONG = re.compile(rb"<(?:\w+:)?v>-?(?:\d\.?){17,}")
_COUNTS = ("cached", "long")
#: Elements by the word that a user has for them, looked for in every part of the workbook.
_WORDS = {
    "sparkline": "sparkline",
    "cfRule": "conditional format",
    "dataValidation": "data validation",
    "control": "form control",
    "oleObject": "embedded object",
    "sp": "drawn shape",
    "cxnSp": "drawn line",
    "pic": "picture",
    "graphicFrame": "chart or other graphic",
    "headerFooter": "page header or footer",
    "protectedRange": "protected range",
    "scenario": "scenario",
    "customSheetView": "custom view",
    "definedName": "defined name",
    "comment": "note",
    "threadedComment": "comment",
    "hyperlink": "hyperlink",
    "slicer": "slicer",
    "rPh": "phonetic hint",
    "ignoredError": "ignored error",
}


def rewrite(where: Place, why: Declined, write: Callable[[Place], WriteReport]) -> WriteReport:
    """Save a copy through openpyxl, then `write` from it; the report says why and lists what was lost on the way."""
    with tempfile.TemporaryDirectory(prefix="hrdd-") as folder:
        copy = Path(folder) / where.source.name
        _save(where.source, copy)
        lost = tuple(_lost(where.source, copy))
        shutil.copymode(where.source, copy)
        report = write(replace(where, content=copy))
    reason = f"The whole workbook was rewritten, because: {why}"
    told = lost or ("Of all that is counted nothing was lost; openpyxl may still have spelled much anew.",)
    return replace(report, changed=True, notes=(reason, *told, *report.notes), lost=lost)


def _save(source: Path, copy: Path) -> None:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            macros = source.suffix.lower() in (".xlsm", ".xltm")
            openpyxl.load_workbook(source, keep_vba=macros, rich_text=True).save(copy)
        except Exception as error:  # openpyxl raises whatever its parsers meet
            raise Declined(
                f"{source.name} cannot be rewritten either, since openpyxl does not read it "
                f"({type(error).__name__}: {error}); save it anew from Excel.",
                rewritable=False,
            ) from error


def _lost(before: Path, after: Path) -> Iterator[str]:
    """Sentences about what the rewritten file no longer has."""
    with Package(before) as old, Package(after) as new:
        parts = _parts(old) - _parts(new)
        was, now = _counted(old), _counted(new)
    yield from (f"Lost: {count} x {kind}." for kind, count in sorted(parts.items()))
    yield from (f"Lost: {count} x {word}." for word, count in sorted((was - now).items()) if word not in _COUNTS)
    if was["cached"] > now["cached"]:
        lost = counted(was["cached"] - now["cached"], "formula")
        yield f"Lost: the stored results of {lost}, until Excel opens the file."
    if was["long"] > now["long"]:
        yield f"Changed: rounded to 16 digits: {counted(was['long'] - now['long'], 'number')}."


def _parts(package: Package) -> Counter[str]:
    names = (member.filename for member in package.members)
    return Counter(re.sub(r"\d+", "", name.rsplit("/", 1)[0]) for name in names if not _KEPT.match(name))


def _counted(package: Package) -> Counter[str]:
    """How often each element of `_WORDS` stands in the workbook, and formulas with results and long numbers."""
    found: Counter[str] = Counter()
    tags = re.compile(rb"<(?:[\w.-]+:)?(" + "|".join(_WORDS).encode() + rb")[\s/>]")
    for member in package.members:
        if member.filename.endswith((".xml", ".vml")):
            data = package.read(member)
            found.update(_WORDS[tag.decode()] for tag in tags.findall(data))
            found["cached"] += len(_CACHED.findall(data))
            found["comment in the XML"] += data.count(b"<!--")
            found["long"] += len(_LONG.findall(data))
    return found
