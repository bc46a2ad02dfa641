"""`python -m tests.relevance.measure [dev|held_out]`: how well the right people come first, as nDCG@5.

Beside the figures of Musubi's ranking stand those of plain character n-grams on the same questions, and `--fields`
shows them by field. Read what is printed, not the questions: docs/relevance.md says why.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.relevance import ngrams

DEPTH = 5
_HERE = Path(__file__).parent
_OTHER = {"ja": "en", "en": "ja"}


@dataclass(frozen=True, slots=True)
class Text:
    """A mentor's profile, or a question. `lang` is `ja`, `en` or, for mentors only, `mixed`."""

    id: str
    text: str
    lang: str
    field: str = ""


Rank = Callable[[Sequence[Text], Sequence[Text]], Mapping[str, Sequence[str]]]
"""From mentors and questions to the mentors' ids of each question, the best first."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Mentors, questions, and how well each mentor fits each question: 1 to 3, and nothing where it is 0."""

    mentors: tuple[Text, ...]
    questions: tuple[Text, ...]
    judgments: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """nDCG@5: the mean over all questions, over each language's, and, `across`, over those questions that somebody can
    answer whose text is written only in the other language, when only such people are ranked."""

    overall: float
    ja: float
    en: float
    across: float
    across_ja: float
    """Asked in Japanese, written in English."""
    across_en: float
    fields: Mapping[str, float]


def load(name: str) -> Cases:
    """The set of that name."""
    mentors, questions, judgments = (_read(name, part) for part in ("mentors", "questions", "judgments"))
    return Cases(tuple(Text(**row) for row in mentors), tuple(Text(**row) for row in questions), judgments)


def _read(name: str, part: str) -> Any:
    return json.loads((_HERE / name / f"{part}.json").read_text("utf-8"))


def find_gain(grades: Sequence[int]) -> float:
    """The discounted gain of people in this order: (2^grade - 1) / log2(place + 1) (Burges et al. 2005)."""
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def find_ndcg(order: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """How near this order is to the best one, by the first `depth` places: from 0 to 1. Raises `ValueError` where the
    order names somebody twice, or where nobody is relevant."""
    if len(set(order)) != len(order):
        raise ValueError("somebody stands twice in one order")
    best = find_gain(sorted(judged.values(), reverse=True)[:depth])
    if not best:
        raise ValueError("nobody is relevant")
    return find_gain([judged.get(id, 0) for id in order[:depth]]) / best


def restrict(cases: Cases, asked: str) -> Cases:
    """Only the questions in `asked`, and only the mentors written in the other language, where one of them helps."""
    mentors = tuple(mentor for mentor in cases.mentors if mentor.lang == _OTHER[asked])
    known = {mentor.id for mentor in mentors}
    judged = {
        question.id: {id: grade for id, grade in cases.judgments[question.id].items() if id in known}
        for question in cases.questions
        if question.lang == asked
    }
    questions = tuple(question for question in cases.questions if judged.get(question.id))
    return Cases(mentors, questions, judged)


def score(cases: Cases, rank: Rank) -> dict[str, float]:
    """nDCG@5 of each question."""
    orders = rank(cases.mentors, cases.questions)
    return {question.id: find_ndcg(orders[question.id], cases.judgments[question.id]) for question in cases.questions}


def measure(cases: Cases, rank: Rank) -> Figures:
    """All figures of one way to rank."""
    each = score(cases, rank)
    ja, en = ([each[question.id] for question in cases.questions if question.lang == lang] for lang in ("ja", "en"))
    across_ja, across_en = (list(score(restrict(cases, asked), rank).values()) for asked in ("ja", "en"))
    return Figures(
        fmean(each.values()),
        fmean(ja),
        fmean(en),
        fmean(across_ja + across_en),
        fmean(across_ja),
        fmean(across_en),
        _by_field(cases, each),
    )


def _by_field(cases: Cases, each: Mapping[str, float]) -> dict[str, float]:
    fields = sorted({question.field for question in cases.questions})
    return {
        field: fmean(each[question.id] for question in cases.questions if question.field == field) for field in fields
    }


def rank_by_musubi(mentors: Sequence[Text], questions: Sequence[Text]) -> dict[str, list[str]]:
    """What `python -m bot rank` says: the program itself, as anybody would run it on their own cases."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_write(Path(folder) / name, texts) for name, texts in (("m.json", mentors), ("q.json", questions))]
        command = [sys.executable, "-m", "bot", "rank", "--mentors", files[0], "--questions", files[1]]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=_HERE.parents[1])
    return {answer["id"]: [mentor["id"] for mentor in answer["mentors"]] for answer in json.loads(done.stdout)}


def _write(file: Path, texts: Sequence[Text]) -> str:
    file.write_text(json.dumps([{"id": each.id, "text": each.text} for each in texts]), "utf-8")
    return str(file)


def rank_by_ngrams(mentors: Sequence[Text], questions: Sequence[Text]) -> dict[str, list[str]]:
    """The baseline: which profile has the same two and three characters in a row, rare ones counting more."""
    index = ngrams.Index([mentor.text for mentor in mentors])
    return {question.id: [mentors[place].id for place in index.rank(question.text)] for question in questions}


def make_table(columns: Mapping[str, Figures], *, fields: bool = False) -> Table:
    """The figures side by side."""
    table = Table("nDCG@5", *columns)
    for name in ("overall", "ja", "en", "across", "across_ja", "across_en"):
        table.add_row(name, *(f"{getattr(figures, name):.3f}" for figures in columns.values()))
    for field in next(iter(columns.values())).fields if fields else ():
        table.add_row(f"  {field}", *(f"{figures.fields[field]:.3f}" for figures in columns.values()))
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table of one set."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.measure", description=__doc__)
    parser.add_argument("set", nargs="?", default="dev", choices=("dev", "held_out"))
    parser.add_argument("--fields", action="store_true", help="by field too")
    parser.add_argument("--baseline", action="store_true", help="only the n-grams")
    parsed = parser.parse_args(arguments)
    ways: dict[str, Rank] = {"n-grams": rank_by_ngrams} if parsed.baseline else {}
    ways = ways or {"Musubi": rank_by_musubi, "n-grams": rank_by_ngrams}
    cases = load(parsed.set)
    Console().print(make_table({name: measure(cases, way) for name, way in ways.items()}, fields=parsed.fields))


if __name__ == "__main__":
    main()
