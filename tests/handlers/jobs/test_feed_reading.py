"""Feeds as they come: three formats, several encodings, and every kind of trouble."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, use_locale
from handlers.jobs.feed_reading import MOST_ROWS, FeedError, Trouble, read_feed
from handlers.jobs.feed_rows import Fault, FeedJob, Problem, read_jobs
from handlers.jobs.feed_taking import Outcome
from handlers.jobs.feed_words import tell_all, tell_problem, tell_trouble

TODAY = date(2026, 11, 20)

JSON = """{
  "jobs": [
    {"id": "A-1", "title": {"ja": "設計の仕事", "en": "Design work"},
     "text": {"ja": "図面を見ます。", "en": "You read plans."},
     "kind": "full_time", "place": "横浜", "url": "https://jobs.example/1", "closes_on": "2026-12-24"},
    {"id": 2, "title": "Advisor", "description": "<p>Two days &amp; a half.</p>", "kind": "advisor"}
  ]
}"""
CSV = """求人番号,職種名,仕事内容,雇用形態,勤務地,リンク,締切日
A-1,設計の仕事,"図面を見ます。
二行目。",正社員,横浜,https://jobs.example/1,2026年12月24日
A-2,Advisor,Two days.,顧問,,,
"""
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:m="https://musubi.example/jobs"><channel><title>Jobs</title><language>ja</language>
<item>
  <guid>A-1</guid><title>設計の仕事</title><link>https://jobs.example/1</link>
  <description>&lt;p&gt;図面を見ます。&lt;/p&gt;</description><category>正社員</category>
  <m:place>横浜</m:place><m:closes>2026-12-24</m:closes>
  <m:title_en>Design work</m:title_en>
</item>
<item><title>副業の仕事</title><link>https://jobs.example/2</link><category>副業</category></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title>
<entry><id>A-1</id><title>Design work</title><link href="https://jobs.example/1"/><link rel="self" href="https://x.example"/>
<summary>You read plans.</summary><category term="contract"/></entry></feed>"""


def read(text: str | bytes) -> tuple[list[FeedJob], list[Problem]]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_jobs(read_feed(data), TODAY)


def good(text: str | bytes) -> list[FeedJob]:
    jobs, problems = read(text)
    assert problems == []
    return jobs


def fails(data: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read_feed(data)
    return caught.value


def test_json() -> None:
    first, second = good(JSON)
    assert first.id == "A-1"
    assert (first.draft.title_ja, first.draft.title_en, first.draft.text_en) == (
        "設計の仕事",
        "Design work",
        "You read plans.",
    )
    assert (first.draft.kind, first.draft.place, first.draft.closes_on) == ("full_time", "横浜", date(2026, 12, 24))
    assert (second.id, second.draft.title_en, second.draft.text_en) == ("2", "Advisor", "Two days & a half.")
    assert (second.draft.title_ja, second.draft.closes_on) == ("", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_table_as_excel_writes_it(encoding: str) -> None:
    first, second = good(CSV.encode(encoding))
    assert (first.draft.title_ja, first.draft.text_ja) == ("設計の仕事", "図面を見ます。\n二行目。")
    assert first.draft.closes_on == date(2026, 12, 24)
    assert (second.draft.kind, second.draft.title_en, second.draft.title_ja) == ("advisor", "Advisor", "")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_signs_between_the_cells(delimiter: str) -> None:
    (job,) = good(f"id{delimiter}title{delimiter}kind\n1{delimiter}Design, work{delimiter}contract\n")
    assert job.draft.title_en == "Design, work"


def test_rss_with_fields_of_its_own_and_atom() -> None:
    first, second = good(RSS)
    assert (first.id, first.draft.title_ja, first.draft.title_en) == ("A-1", "設計の仕事", "Design work")
    assert (first.draft.text_ja, first.draft.place, first.draft.closes_on) == (
        "図面を見ます。",
        "横浜",
        date(2026, 12, 24),
    )
    assert (second.id, second.draft.kind) == ("https://jobs.example/2", "side_job")  # without an id the link is it
    (entry,) = good(ATOM)
    assert (entry.id, entry.draft.url, entry.draft.kind) == ("A-1", "https://jobs.example/1", "contract")


@pytest.mark.parametrize("encoding", ["Shift_JIS", "EUC-JP", "UTF-16"])
def test_xml_says_its_encoding_itself(encoding: str) -> None:
    text = RSS.replace("UTF-8", encoding)
    if encoding == "EUC-JP":  # what the parser doesn't know is told, not guessed
        assert fails(text.encode(encoding)).trouble in (Trouble.ENCODING, Trouble.BROKEN) or good(text.encode(encoding))
    elif encoding == "UTF-16":
        assert good(text.encode(encoding))[0].draft.title_ja == "設計の仕事"


@pytest.mark.parametrize(
    ("data", "trouble", "detail"),
    [
        (b"", "empty", ""),
        (b"  \r\n\xef\xbb\xbf", "empty", ""),
        (b"\x81\xff\xfe\x00\x98", "encoding", ""),
        (b"hello", "format", ""),
        (b"<html><body>Login</body></html>", "format", ""),
        (b"<!DOCTYPE html><html><body>Login<br></body></html>", "forbidden", ""),
        (b'{"error": "no"}', "no_jobs", "jobs"),
        (b'{"jobs": {"a": 1}}', "no_jobs", "jobs"),
        (b'[{"id": 1},\n{"id": 2', "broken", "2"),
        (b'[{"id": 1}\n\n{"id": 2}]', "broken", "3"),
        (b"<rss><channel>\n<item><title>x</title>", "broken", "2"),
        (b"<rss><channel><item>\n</channel></rss>", "broken", "2"),
        (b"id,kind\n1,contract\n", "columns", "title"),
        (b"title,kind\nx,contract\n", "columns", "id"),
        (b'id,title,kind\n1,"x,contract\n', "broken", "2"),
        (b"[" * 100_000, "broken", ""),
        (b'[{"a":' + b"[" * 100_000, "broken", ""),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_said(data: bytes, trouble: str, detail: str) -> None:
    error = fails(data)
    assert error.trouble == trouble
    assert not detail or error.detail == detail
    for locale in LANGUAGES:
        with use_locale(locale):
            assert "{" not in tell_trouble(error.trouble, error.detail)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""
INSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<rss><item><title>&x;</title></item></rss>"
)


@pytest.mark.parametrize("data", [BOMB, INSIDE], ids=["bomb", "file"])
def test_xml_that_reaches_out_or_swells_is_not_read(data: bytes) -> None:
    assert fails(data).trouble == Trouble.FORBIDDEN


def test_too_many_jobs() -> None:
    rows = [{"id": number, "title": "x", "kind": "contract"} for number in range(MOST_ROWS + 1)]
    assert fails(json.dumps(rows).encode()).trouble == Trouble.TOO_MANY


BAD = """[
  {"title": "no id", "kind": "contract"},
  {"id": 1, "title": "x", "kind": "slave"},
  {"id": 1, "title": "y", "kind": "contract"},
  7,
  {"id": 3, "kind": "contract"},
  {"id": 4, "title": "x", "kind": "contract", "url": "http://jobs.example", "closes_on": "soon"},
  {"id": 5, "title": "x", "kind": "contract", "closes_on": "2099-01-01"}
]"""


def test_every_bad_row_is_named_with_its_line_and_nothing_counts() -> None:
    jobs, problems = read(BAD)
    assert jobs == []
    assert [(one.line, one.fault) for one in problems] == [
        (2, Fault.NO_ID),
        (3, Fault.KIND),
        (4, Fault.TWICE),
        (5, Fault.NO_OBJECT),
        (6, Fault.NO_TITLE),
        (7, Fault.DAY),
        (7, Fault.LINK),
        (8, Fault.FAR),
    ]
    with use_locale("ja"):
        assert all("行目" in tell_problem(problem) and "{" not in tell_problem(problem) for problem in problems)
    with use_locale("en"):
        told = [tell_problem(problem) for problem in problems]
    assert told[1] == "Line 3: “slave” is no kind of work; write full_time, contract, side_job or advisor."
    assert told[2] == "Line 4: the same id as in line 3."
    with use_locale("en"):
        assert tell_all(Outcome(problems=tuple(problems)), 2)[-1] == "and 6 more"


def test_the_line_of_a_row_in_a_table_is_where_it_begins() -> None:
    _jobs, problems = read('id,title,kind,text\n1,a,contract,"two\nlines"\n2,,contract,\n')
    assert [(one.line, one.fault) for one in problems] == [(4, Fault.NO_TITLE)]


def test_the_line_of_an_item() -> None:
    _jobs, problems = read(RSS.replace("<title>副業の仕事</title>", ""))
    assert [(one.line, one.fault) for one in problems] == [(9, Fault.NO_TITLE)]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"id": "x" * 201}, Fault.LONG_ID),
        ({"title": "あ" * 10_000}, Fault.LONG_TITLE),
        ({"place": "あ" * 61}, Fault.LONG_PLACE),
        ({"url": "javascript:alert(1)"}, Fault.LINK),
        ({"closes_on": "2026-02-30"}, Fault.DAY),
    ],
)
def test_cells_that_don_t_fit(cells: dict[str, str], fault: str) -> None:
    _jobs, problems = read(json.dumps([{"id": 1, "title": "x", "kind": "contract"} | cells]))
    assert [one.fault for one in problems] == [fault]


def test_a_page_long_text_is_cut_and_marks_are_words() -> None:
    (job,) = good(json.dumps([{"id": 1, "title": "x", "kind": "contract", "text": "<p>" + "word " * 1000 + "</p>"}]))
    assert len(job.draft.text_en) <= 2000
    assert job.draft.text_en.endswith("…")
    (job,) = good(json.dumps([{"id": 1, "title": "<!channel> & \u0000co", "kind": "業務委託", "text": "a < b"}]))
    assert (job.draft.title_en, job.draft.text_en) == ("<!channel> & co", "a < b")


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24",
        "2026/12/24",
        "２０２６年１２月２４日",
        "2026-12-24T23:59:59+09:00",
        "Thu, 24 Dec 2026 10:00:00 +0900",
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    (job,) = good(json.dumps([{"id": 1, "title": "x", "kind": "contract", "closes_on": text}]))
    assert job.draft.closes_on == date(2026, 12, 24)


def outcome(data: bytes) -> tuple[list[FeedJob], list[Problem]] | Trouble:
    """What becomes of a feed: whatever it is, one of these."""
    try:
        return read_jobs(read_feed(data), TODAY)
    except FeedError as error:
        return error.trouble


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    assert outcome(data) in set(Trouble) or not all(outcome(data))


_LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
_KEYS = st.sampled_from(["id", "title", "kind", "jobs", "x"])


def _nest(inner: Any) -> Any:
    return st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)


@given(st.recursive(_LEAF, _nest, max_leaves=12))
def test_no_json_breaks_it(value: Any) -> None:
    found = outcome(json.dumps(value, ensure_ascii=False).encode())
    assert isinstance(found, Trouble) or not all(found)
