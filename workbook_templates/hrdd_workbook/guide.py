"""The words of the guide sheets: what to do, what the words mean, what this is and is not, what the flags are.

Text only, in English; `hrdd_workbook.sheets` draws it in the language of the workbook.
"""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "Human-rights due diligence of transactions"
LEAD = "One row for each order. You write what you know; hrdd adds a rating, the reasons for it, and what to ask next."


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three things to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word of the workbook, the family of its look (see `layout.TINTS`), and what it says."""

    family: str
    word: str
    text: str
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """The words of one kind of column."""

    title: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A paragraph with the few words it is about in front."""

    title: str
    text: str


STEPS = (
    Step(
        "Fill in",
        "On the sheet Transactions, write or paste one order in each row. The deep blue headers are needed; "
        "everything else helps. Where you do not know, leave the cell blank or choose Unknown. The lists "
        "suggest and never block. The numbers 1 2 3 at the top left corner open more: "
        "1 the essentials, 2 the first column of every group, 3 everything.",
    ),
    Step(
        "Score",
        "Save and close the file, then run  hrdd score FILE.xlsx --in-place  in a terminal. The violet columns "
        "are filled, and more results are added on the right. Your own columns, formulas and sheets stay as "
        "they are.",
    ),
    Step(
        "Ask, then decide",
        "Read Why this rating and Ask first. Put the question to the customer, write the answer into its "
        "cell, and score again. Then record your decision in the green columns: hrdd reads it and never "
        "writes it.",
    ),
)

LEGENDS = (
    Legend(
        "HRDD rating: how grave and how likely",
        (
            Meaning("rating", "LOW", "Little harm can come of it, or little speaks for it in what was known."),
            Meaning("rating", "MEDIUM", "Harm is possible. Go on with conditions, and look at what is open."),
            Meaning("rating", "HIGH", "Grave harm is plausible. Hold until the questions are answered."),
            Meaning("rating", "CRITICAL", "Grave harm is likely, or something decisive was found."),
            Meaning("rating", "UNRATED", "Too much is unknown for one class. It is held, never taken as low."),
        ),
    ),
    Legend(
        "Disposition: may it ship",
        (
            Meaning("disposition", "NONE", "Nothing found in what was checked. It is not a permission."),
            Meaning("disposition", "CONDITIONS", "Only with safeguards and conditions."),
            Meaning("disposition", "HOLD", "Not before the open questions are answered."),
            Meaning("disposition", "STOP", "A decisive reason against it was found. Take it to counsel."),
        ),
    ),
    Legend(
        "Red flags: answers and signs",
        (
            Meaning("answer", "YES", "The circumstance was found.", "●"),
            Meaning("answer", "UNKNOWN", "Too little is known to tell. It counts as open.", "○"),
            Meaning("answer", "NO", "It was looked for, and what is known speaks against it.", "–"),
            Meaning("answer", "N/A", "The flag does not apply to this order. That is not a NO."),
        ),
    ),
)

#: What each sheet is for, in the order of the sheets.
SHEETS = (
    (
        "Transactions",
        "One order in each row: what you know, and beside it what hrdd says. This is the sheet to fill in.",
    ),
    ("Red flags", "Every scored order against every red flag, the gravest on top."),
    ("Questions", "What to ask first: the answers that would settle most orders stand on top."),
    (
        "Dashboard",
        "Ratings over time and by product, severity and likelihood, amounts. It follows the filters of Transactions.",
    ),
    ("Review", "Orders that wait for a decision, and what is still missing in those that have one."),
    ("About the flags", "Each red flag in plain words, where it comes from, and how well that is confirmed."),
)

REMARKS = (
    Remark(
        "Unknown is never low.",
        "A blank, a typing error or a cell that cannot be read never improves a rating. The rating is the "
        "high end of what is plausible; Rating at best is the low end.",
    ),
    Remark(
        "The rating is this product's own scheme.",
        "The guidance behind it (U.S. Department of State, 30 September 2020, on transactions linked to "
        "foreign government end users of products or services with surveillance capabilities) has no score, "
        "weight or threshold. It is voluntary.",
    ),
    Remark(
        "This is not legal advice.",
        "Export control, sanctions and licensing duties apply beside it. A licence is shown and never lowers "
        "the rating. What was checked, and how old the data are, stands in every scored row; "
        "the command  hrdd data  lists it.",
    ),
    Remark(
        "Make it yours.",
        "Move, hide, rename within reason or add columns; sort and filter; paste from other files. Columns "
        "are found by their headers. Codes such as 0102 or 5A001.f keep their form.",
    ),
)

#: Said in a workbook of a language that nobody has reviewed.
UNREVIEWED = Remark(
    "This translation is not reviewed yet.",
    "Nobody who knows both the language and the field has checked it so far. Where it is unclear, the English words "
    "hold; hrdd reads both, also in one workbook.",
)
