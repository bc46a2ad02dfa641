"""What stands in a feed's rows: good jobs, or what is wrong with a row. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.hypertext import read_html
from bot.text import clean
from handlers.jobs.feed_reading import Row
from handlers.jobs.rules import FARTHEST, LONGEST_PLACE, LONGEST_TEXT, LONGEST_TITLE, Draft, is_link
from storage.models import JobKind

LONGEST_ID = 200
_MOST_PROBLEMS = 50


class Fault(StrEnum):
    """What is wrong with a row."""

    NO_OBJECT = "no_object"
    NO_ID = "no_id"
    LONG_ID = "long_id"
    TWICE = "twice"
    NO_TITLE = "no_title"
    LONG_TITLE = "long_title"
    KIND = "kind"
    LONG_PLACE = "long_place"
    LINK = "link"
    DAY = "day"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Problem:
    """A bad row: its line, what is wrong, and the value or number that is meant."""

    line: int
    fault: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class FeedJob:
    """A good row."""

    id: str
    draft: Draft


_KINDS = {
    JobKind.FULL_TIME: (
        "full_time",
        "fulltime",
        "full time",
        "permanent",
        "employee",
        "正社員",
        "正規",
        "常勤",
        "フルタイム",
    ),
    JobKind.CONTRACT: ("contract", "contractor", "freelance", "業務委託", "委託", "フリーランス", "請負"),
    JobKind.SIDE_JOB: ("side_job", "side job", "sidejob", "part_time", "part time", "副業", "兼業", "複業"),
    JobKind.ADVISOR: ("advisor", "adviser", "consultant", "顧問", "アドバイザー", "技術顧問"),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}


def read_jobs(rows: Iterable[Row], today: date) -> tuple[list[FeedJob], list[Problem]]:
    """The jobs, and every problem of every row, by line. Where there are problems, nothing is to be taken over."""
    jobs: list[FeedJob] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in rows:
        job, found = _read(row, today)
        if job is not None and job.id in seen:
            found.append(Problem(row.line, Fault.TWICE, str(seen[job.id])))
        if job is not None:
            seen.setdefault(job.id, row.line)
            jobs.append(job)
        problems += found
    return ([] if problems else jobs), problems[:_MOST_PROBLEMS]


def _read(row: Row, today: date) -> tuple[FeedJob | None, list[Problem]]:
    cells = {name: clean(value) for name, value in row.cells.items()}
    if not cells:
        return None, [Problem(row.line, Fault.NO_OBJECT)]
    problems: list[Problem] = []
    id = cells.get("id", "")
    if not id or len(id) > LONGEST_ID:
        problems.append(Problem(row.line, Fault.LONG_ID if id else Fault.NO_ID))
    kind = _KIND_OF.get(_fold(cells.get("kind", "")))
    if kind is None:
        problems.append(Problem(row.line, Fault.KIND, cells.get("kind", "")[:40]))
    closes_on, fault = _read_day(cells.get("closes_on", ""), today)
    if fault:
        problems.append(Problem(row.line, fault, cells.get("closes_on", "")[:40]))
    draft = _make_draft(cells, kind or JobKind.FULL_TIME, closes_on)
    problems += [Problem(row.line, fault, value) for fault, value in _check(draft)]
    return (FeedJob(id, draft) if id else None), problems


def _make_draft(cells: dict[str, str], kind: JobKind, closes_on: date | None) -> Draft:
    """What has no language of its own goes to the one it is written in, by the feed's word or by its letters."""
    titles = {locale: cells.get(f"title_{locale}", "") for locale in ("ja", "en")}
    texts = {locale: cells.get(f"text_{locale}", "") for locale in ("ja", "en")}
    if plain := cells.get("title", ""):
        locale = _find_language(cells.get("language", ""), plain + cells.get("text", ""))
        titles[locale] = titles[locale] or plain
        texts[locale] = texts[locale] or cells.get("text", "")
    shown = {locale: _shorten(_read_text(text)) for locale, text in texts.items()}
    return Draft(
        " ".join(titles["ja"].split()),
        shown["ja"] or titles["ja"],
        " ".join(titles["en"].split()),
        shown["en"] or titles["en"],
        kind.value,
        " ".join(cells.get("place", "").split()),
        cells.get("url", ""),
        closes_on,
    )


def _find_language(named: str, text: str) -> str:
    if named[:2].casefold() in ("ja", "en"):
        return named[:2].casefold()
    return "ja" if re.search(r"[\u3040-\u30ff\u3400-\u9fff]", text) else "en"


def _read_text(text: str) -> str:
    return read_html(text) if re.search(r"<[a-zA-Z/][^>]*>|&[a-z]+;|&#\d+;", text) else text.strip()


def _shorten(text: str) -> str:
    """Feeds carry whole pages; the job's page has the rest."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + "…"


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("-", " ").split())


_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%a, %d %b %Y %H:%M:%S %z", "%d %b %Y")


def _read_day(text: str, today: date) -> tuple[date | None, str]:
    """The day, or what is wrong with it. A day that has passed is none: that job is over, see `feed_plan`."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return None, ""
    day = _parse_day(wanted)
    if day is None:
        return None, Fault.DAY
    return day, (Fault.FAR if day > today + 2 * FARTHEST else "")


def _parse_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None


def _check(draft: Draft) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not draft.title_ja and not draft.title_en:
        found.append((Fault.NO_TITLE, ""))
    longest = max(len(draft.title_ja), len(draft.title_en))
    if longest > LONGEST_TITLE:
        found.append((Fault.LONG_TITLE, str(longest)))
    if len(draft.place) > LONGEST_PLACE:
        found.append((Fault.LONG_PLACE, str(len(draft.place))))
    if draft.url and not is_link(draft.url):
        found.append((Fault.LINK, draft.url[:60]))
    return found
