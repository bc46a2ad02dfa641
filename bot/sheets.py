"""Files for spreadsheets, as CSV that Excel in Japan opens as it is. Pure."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_BOM = "\ufeff"
"""Without it Excel in Japan reads UTF-8 as CP932."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection; full-width signs count too)."""


def render_csv(rows: Iterable[Sequence[object]]) -> str:
    """The rows as a file's text. Text that a spreadsheet would reckon with gets an apostrophe in front; numbers stay
    numbers."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return _BOM + out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
