"""From a feed's bytes to rows: JSON, CSV, RSS 2.0 and Atom. Pure. See docs/jobs.md and docs/decisions/job-feeds.md.

Each row keeps its line, so that HR reads where to look. What the columns are called is made one here; what stands in
them is looked at in `handlers.jobs.feed_rows`.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

import defusedxml.sax
from defusedxml import DefusedXmlException

MOST_ROWS = 5_000
"""Jobs in one feed; a company with more has another problem."""
LONGEST_CELL = 100_000

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "job_id", "jobid", "求人番号", "求人id", "番号", "管理番号"),
    "title": ("title", "name", "職種", "職種名", "求人名", "題名", "タイトル"),
    "title_ja": ("title_ja", "題名（日本語）", "職種名（日本語）"),
    "title_en": ("title_en", "題名（英語）", "職種名（英語）"),
    "text": ("text", "description", "summary", "content", "encoded", "body", "内容", "仕事内容", "説明", "本文"),
    "text_ja": ("text_ja", "description_ja", "内容（日本語）", "仕事内容（日本語）"),
    "text_en": ("text_en", "description_en", "内容（英語）", "仕事内容（英語）"),
    "kind": ("kind", "type", "employment_type", "employmenttype", "category", "雇用形態", "働き方", "契約形態"),
    "place": ("place", "location", "勤務地", "場所"),
    "url": ("url", "link", "リンク", "詳細", "応募ページ"),
    "closes_on": (
        "closes_on",
        "closes",
        "deadline",
        "expires",
        "valid_through",
        "validthrough",
        "締切",
        "締切日",
        "掲載終了日",
    ),
    "language": ("language", "lang", "言語"),
}
_NAMES = {name.casefold(): field for field, names in FIELDS.items() for name in names}


class Trouble(StrEnum):
    """Why a feed can't be read as a whole."""

    EMPTY = "empty"
    ENCODING = "encoding"
    FORMAT = "format"
    """Neither JSON nor XML nor a table with known columns."""
    BROKEN = "broken"
    """It breaks off, or its signs don't pair; the detail is the line."""
    FORBIDDEN = "forbidden"
    """XML with a document type or entities."""
    NO_JOBS = "no_jobs"
    """JSON without a list of jobs."""
    COLUMNS = "columns"
    """A table without a column for the id or the title; the detail names it."""
    TOO_MANY = "too_many"


class FeedError(ValueError):
    """The feed can't be read. `detail` is a line number or a column."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail


@dataclass(frozen=True, slots=True)
class Row:
    """One job as the feed has it: where it begins, and its fields by our names, stripped."""

    line: int
    cells: Mapping[str, str]


def read_feed(data: bytes) -> list[Row]:
    """The rows of a feed, whatever its format. Raises FeedError."""
    text = _decode(data)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if not start:
        raise FeedError(Trouble.EMPTY)
    if start == "<":
        rows = _read_xml(data)
    elif start in "[{":
        rows = list(_read_json(text))
    else:
        rows = list(_read_csv(text))
    if len(rows) > MOST_ROWS:
        raise FeedError(Trouble.TOO_MANY, str(len(rows)))
    return rows


def _decode(data: bytes) -> str:
    """UTF-8, with or without a mark, UTF-16 with one, or CP932 as Excel writes it in Japan. An XML file says itself."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "<"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FeedError(Trouble.ENCODING)


def _name_field(name: str) -> str:
    return _NAMES.get(re.sub(r"\s+", "_", name.strip().casefold()), "")


# JSON


def _read_json(text: str) -> Iterator[Row]:
    """A list of objects, or an object with one: `{"jobs": […]}`. Read object by object, so that each has its line."""
    decoder = json.JSONDecoder(parse_constant=str)
    start = _find_list(text, decoder)
    place = _skip(text, start + 1, "")
    while place < len(text) and text[place] != "]":
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise FeedError(Trouble.BROKEN, str(_line_of(text, getattr(error, "pos", place)))) from error
        yield _make_row(_line_of(text, place), value)
        place = _skip(text, end, ",")
    if place >= len(text):
        raise FeedError(Trouble.BROKEN, str(_line_of(text, len(text))))


def _find_list(text: str, decoder: json.JSONDecoder) -> int:
    """Where the list of jobs begins. The whole is read once, so that nothing broken is taken for a shorter list."""
    try:
        whole: Any = decoder.decode(text.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError) as error:
        raise FeedError(Trouble.BROKEN, str(_line_of(text, getattr(error, "pos", 0)))) from error
    if isinstance(whole, list):
        return text.index("[")
    for key in ("jobs", "items", "results", "求人"):
        if isinstance(cast("dict[str, Any]", whole).get(key), list):
            found = re.search(rf'"{key}"\s*:\s*\[', text)
            if found:
                return found.end() - 1
    raise FeedError(Trouble.NO_JOBS, "jobs")


def _skip(text: str, place: int, separator: str) -> int:
    while place < len(text) and text[place] in f" \t\r\n{separator}":
        place += 1
    return place


def _line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _make_row(line: int, value: object) -> Row:
    """What is no object becomes a row without anything in it, which then is a bad one."""
    if not isinstance(value, dict):
        return Row(line, {})
    cells: dict[str, str] = {}
    for name, content in cast("dict[str, Any]", value).items():
        field = _name_field(name)
        if field and content is not None and not isinstance(content, dict | list):
            cells.setdefault(field, str(content).strip())
        elif field and isinstance(content, dict):
            cells |= {f"{field}_{locale}": str(text) for locale, text in _by_language(cast("dict[str, Any]", content))}
    return Row(line, cells)


def _by_language(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """`"title": {"ja": …, "en": …}`."""
    return [(locale, content[locale].strip()) for locale in ("ja", "en") if isinstance(content.get(locale), str)]


# CSV


def _read_csv(text: str) -> Iterator[Row]:
    """A table whose first line names the columns, in Japanese or English; commas, semicolons or tabs."""
    csv.field_size_limit(LONGEST_CELL)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [_name_field(name) for name in next(reader)]
        _check_columns(names)
        before = reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(before + 1, _join(names, cells))
            before = reader.line_num
    except csv.Error as error:
        raise FeedError(Trouble.BROKEN, str(reader.line_num)) from error


def _check_columns(names: list[str]) -> None:
    if not any(names):
        raise FeedError(Trouble.FORMAT)
    if "id" not in names:
        raise FeedError(Trouble.COLUMNS, "id")
    if not {"title", "title_ja", "title_en"}.intersection(names):
        raise FeedError(Trouble.COLUMNS, "title")


def _join(names: list[str], cells: list[str]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and cell.strip():
            joined.setdefault(name, cell.strip())
    return joined


# RSS and Atom


class _Items(ContentHandler):
    """Notes the items of a feed, with the fields that we know and the line of each."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.is_feed = False
        self.language = ""
        self._path: list[str] = []
        self._cells: dict[str, str] | None = None
        self._line = 0
        self._text: list[str] = []

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802
        """An element begins."""
        local = name[1].casefold()
        self._path.append(local)
        self.is_feed = self.is_feed or local in ("rss", "feed", "rdf")
        self._text = []
        if local in ("item", "entry"):
            self._cells, self._line = {}, _find_line(self)
        elif local == "link" and self._cells is not None and (href := attrs.get((None, "href"))):
            if attrs.get((None, "rel"), "alternate") == "alternate":
                self._cells.setdefault("url", href.strip())
        elif local == "category" and self._cells is not None and (term := attrs.get((None, "term"))):
            self._cells.setdefault("kind", term.strip())

    def characters(self, content: str) -> None:
        """Words."""
        self._text.append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        """An element ends."""
        local, text = self._path.pop(), "".join(self._text).strip()
        self._text = []
        if self._cells is None:
            self.language = text if local == "language" else self.language
        elif local in ("item", "entry"):
            cells = {"language": self.language} | self._cells
            cells.setdefault("id", cells.get("url", ""))
            self.rows.append(Row(self._line, cells))
            self._cells = None
        elif self._path[-1:] and self._path[-1] in ("item", "entry") and text and (field := _name_field(local)):
            self._cells.setdefault(field, text)


def _find_line(handler: Any) -> int:
    locator = handler._locator  # the parser's own way to tell; it has no public name
    return int(locator.getLineNumber()) if locator is not None else 0


def _read_xml(data: bytes) -> list[Row]:
    items, make = _Items(), cast(Any, defusedxml.sax).make_parser
    parser = make()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(items)
    try:
        parser.parse(io.BytesIO(data.lstrip(b" \t\r\n")))
    except DefusedXmlException as error:
        raise FeedError(Trouble.FORBIDDEN) from error
    except SAXParseException as error:
        raise FeedError(Trouble.BROKEN, str(error.getLineNumber())) from error
    except (SAXException, ValueError, LookupError) as error:
        raise FeedError(Trouble.ENCODING) from error
    if not items.is_feed:
        raise FeedError(Trouble.FORMAT)
    return items.rows
