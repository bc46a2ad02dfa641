"""What is the matter with a feed, in plain words. Pure."""

from collections.abc import Callable, Mapping

from bot.i18n import _, ngettext
from handlers.jobs.feed_reading import MOST_ROWS, Trouble
from handlers.jobs.feed_rows import LONGEST_ID, Fault, Problem
from handlers.jobs.feed_taking import Outcome
from handlers.jobs.rules import LONGEST_PLACE, LONGEST_TITLE

_SHOWN = 8
"""Bad rows that are told in chat; the command line tells them all."""

_TROUBLES: Mapping[str, Callable[[], str]] = {
    Trouble.EMPTY: lambda: _("The feed is empty."),
    Trouble.ENCODING: lambda: _("The feed is in no encoding that we know: save it as UTF-8."),
    Trouble.FORMAT: lambda: _("The feed is neither JSON nor RSS nor a table with columns that we know."),
    Trouble.BROKEN: lambda: _("The feed breaks off, or its signs don't pair, near line {detail}."),
    Trouble.FORBIDDEN: lambda: _("The feed declares a document type or entities; for safety such a feed is not read."),
    Trouble.NO_JOBS: lambda: _("The feed has no list of jobs: it must be a list, or have one named “{detail}”."),
    Trouble.COLUMNS: lambda: _("The table has no column “{detail}” (the guide to jobs names them)."),
    Trouble.TOO_MANY: lambda: _("The feed has {detail} jobs; at most {most} are taken over."),
    "unreachable": lambda: _("The feed could not be fetched: nobody answers there. It is tried again."),
    "timeout": lambda: _("The feed could not be fetched: the answer took too long. It is tried again."),
    "status": lambda: _("The feed could not be fetched: the server answers {detail}. It is tried again."),
    "too_large": lambda: _("The feed is too large: {detail} MB are read at most."),
    "insecure": lambda: _("The feed leads to an address without https. That is not followed."),
    "private": lambda: _("The feed leads to an address inside a network. That is not followed."),
    "redirects": lambda: _("The feed leads from address to address without an end."),
    "no_file": lambda: _("The feed's file can't be read: {detail}."),
}

_FAULTS: Mapping[str, Callable[[], str]] = {
    Fault.NO_OBJECT: lambda: _("Line {line}: this is no job, or has none of the fields that we know."),
    Fault.NO_ID: lambda: _("Line {line}: the id is missing; without it the job can't be known again."),
    Fault.LONG_ID: lambda: _("Line {line}: the id is longer than {most} characters."),
    Fault.TWICE: lambda: _("Line {line}: the same id as in line {value}."),
    Fault.NO_TITLE: lambda: _("Line {line}: the title is missing."),
    Fault.LONG_TITLE: lambda: _("Line {line}: the title has {value} characters; {most} fit."),
    Fault.KIND: lambda: _("Line {line}: “{value}” is no kind of work; write full_time, contract, side_job or advisor."),
    Fault.LONG_PLACE: lambda: _("Line {line}: the place has {value} characters; {most} fit."),
    Fault.LINK: lambda: _("Line {line}: “{value}” is no https link."),
    Fault.DAY: lambda: _("Line {line}: “{value}” is no day; write one such as 2026-12-31."),
    Fault.FAR: lambda: _("Line {line}: {value} is more than two years away."),
}
_MOST = {Fault.LONG_ID: LONGEST_ID, Fault.LONG_TITLE: LONGEST_TITLE, Fault.LONG_PLACE: LONGEST_PLACE}


def tell_trouble(trouble: str, detail: str) -> str:
    """What is wrong with the feed as a whole."""
    return _TROUBLES[trouble]().format(detail=detail, most=MOST_ROWS)


def tell_problem(problem: Problem) -> str:
    """What is wrong with a row."""
    most = _MOST.get(Fault(problem.fault), 0)
    return _FAULTS[problem.fault]().format(line=problem.line, value=problem.value, most=most)


def tell_all(outcome: Outcome, most: int = _SHOWN) -> tuple[str, ...]:
    """What is wrong, the first lines of it."""
    if outcome.trouble:
        return (tell_trouble(outcome.trouble, outcome.detail),)
    more = len(outcome.problems) - most
    rest = (ngettext("and {n} more", "and {n} more", more).format(n=more),) if more > 0 else ()
    return (*(tell_problem(problem) for problem in outcome.problems[:most]), *rest)
