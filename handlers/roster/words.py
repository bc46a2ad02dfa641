"""What is wrong with a list of leavers, in words."""

from collections.abc import Callable, Mapping

from bot.i18n import _
from handlers.roster.problems import Column, Fault, Problem

Word = Callable[[], str]

_COLUMNS: Mapping[Column, Word] = {
    Column.NUMBER: lambda: _("employee number"),
    Column.NAME: lambda: _("name"),
    Column.LEFT: lambda: _("last day"),
    Column.KANA: lambda: _("reading"),
    Column.JOINED: lambda: _("joining date"),
    Column.DEPARTMENT: lambda: _("department"),
    Column.EMAIL: lambda: _("mail address"),
    Column.JOB: lambda: _("job"),
    Column.LANGUAGE: lambda: _("language"),
    Column.FAMILY_NAME: lambda: _("family name"),
    Column.GIVEN_NAME: lambda: _("given name"),
    Column.FAMILY_KANA: lambda: _("reading of the family name"),
    Column.GIVEN_KANA: lambda: _("reading of the given name"),
}

_SENTENCES: Mapping[Fault, Word] = {
    Fault.EMPTY: lambda: _("The file is empty. Please export the list again."),
    Fault.NO_ROWS: lambda: _("The file has headings but nobody under them. Please export the list again."),
    Fault.SPREADSHEET: lambda: _(
        "This is a spreadsheet, not a CSV file. Please open it in Excel and save it as “CSV UTF-8”."
    ),
    Fault.NOT_TEXT: lambda: _(
        "The file is not a text file: there are null bytes in it. Please save the list anew as “CSV UTF-8”."
    ),
    Fault.ENCODING: lambda: _(
        "The file is neither in UTF-8 nor in the CP932 that Excel writes in Japan. Please save the list as “CSV UTF-8”."
    ),
    Fault.QUOTES: lambda: _(
        "A quotation mark in the row that begins here has no partner, so that the rows can't be told apart. "
        "Please put quotation marks in pairs or take them out."
    ),
    Fault.MISSING_COLUMN: lambda: _(
        "There is no column for the {column}. Needed are the employee number, the name and the last day."
    ),
    Fault.DOUBLE_COLUMN: lambda: _("Two columns are for the {column}. Please leave one of them."),
    Fault.CELL_COUNT: lambda: _(
        "The row has {value} cells, the headings {other}. A comma inside a cell needs quotation marks around the cell."
    ),
    Fault.MISSING: lambda: _("The {column} is missing."),
    Fault.NO_DATE: lambda: _("“{value}” ({column}) is no date that can be read for sure. Please write 2026/11/30."),
    Fault.TOO_LATE: lambda: _("“{value}” ({column}) is more than two years ahead. Please look at the year."),
    Fault.TOO_EARLY: lambda: _("“{value}” ({column}) is more than 80 years ago. Please look at the year."),
    Fault.LEFT_BEFORE_JOINING: lambda: _("The last day, {value}, is before the joining date."),
    Fault.NO_ADDRESS: lambda: _("“{value}” is no mail address. Please correct it, or leave the cell empty."),
    Fault.COMPANY_ADDRESS: lambda: _(
        "{value} is a company address, which closes when people leave. Please give a private one, or leave it empty."
    ),
    Fault.NO_LANGUAGE: lambda: _("“{value}” is no language that we write. Please write ja or en, or leave it empty."),
    Fault.FORMULA: lambda: _("“{value}” ({column}) begins like a formula. Please put its value into the cell."),
    Fault.UNREADABLE: lambda: _(
        "The {column} has a character that only one computer can show, or none can. Please write it anew."
    ),
    Fault.TOO_LONG: lambda: _("The {column} has more than {other} characters."),
    Fault.SAME_NUMBER: lambda: _("The employee number {value} is also in line {other}."),
    Fault.SAME_PERSON: lambda: _(
        "The employee number {value} but for its zeros, and the name, are also in line {other}."
    ),
    Fault.SAME_ADDRESS: lambda: _("{value} is also in line {other}. The invitation is for one person only."),
    Fault.KNOWN_PERSON: lambda: _(
        "This person seems to be in the roster as number {value}: spreadsheets lose zeros at the beginning. "
        "Please use that number."
    ),
    Fault.KNOWN_NUMBER: lambda: _("The number {value} is in the roster already. You can correct that entry instead."),
    Fault.KNOWN_ADDRESS: lambda: _("{value} belongs to somebody else in the roster. Please look whose it is."),
}


def name_column(column: Column) -> str:
    """What a column is called, in the current language."""
    return _COLUMNS[column]()


def describe(problem: Problem) -> str:
    """A problem as a sentence in the current language, without its line."""
    sentence = _SENTENCES[problem.fault]()
    if problem.fault is Fault.ENCODING and problem.value:
        sentence = _("The file is in {value}. Please save the list as “CSV UTF-8”.")
    column = name_column(problem.column) if problem.column else ""
    return sentence.format(column=column, value=problem.value, other=problem.other)
