"""Topics and people: which of somebody's own words fit a question, as far as the reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from handlers.topics import Evidence, Index, Question, Reader, list_pieces, list_wanted_pieces
from storage.queries.members import Card
from storage.queries.topics import fold_topic

LEAST_FIT = 0.2
"""Who fits a question less is not proposed: one concept of five, or a distant field."""
_LEAST_REASON = 0.4
"""A relation that is weaker is nothing to tell people as a reason."""
_AIM, _JOB, _DEPARTMENT = 0.5, 0.75, 0.6
"""What the aim counts beside the topic of a question; job and department beside the topics of a person."""
_MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Something a person tells of themselves: `field` is `topic`, `job` or `department`."""

    field: str
    text: str
    weight: float


def list_lines(card: Card) -> tuple[Line, ...]:
    """What of a person is compared: what the reader may see; of the nameless only the topics, because the rest would
    tell who they are."""
    topics = tuple(Line("topic", topic, 1.0) for topic in card.topics)
    if card.nameless:
        return topics
    others = (Line("job", card.job, _JOB), Line("department", card.department, _DEPARTMENT))
    return (*topics, *(line for line in others if line.text))


@dataclass(frozen=True, slots=True)
class Match:
    """How well one person fits: their topics (0 to 1), what the asker is thinking of, and the reasons as data."""

    topic: float
    step: float = 0.0
    reasons: tuple[dict[str, str], ...] = ()


@dataclass
class Matcher:
    """One question, and the people it is compared with."""

    reader: Reader
    topic: str
    aim: str = ""
    _lines: list[tuple[Line, ...]] = field(default_factory=list[tuple[Line, ...]])

    def match(self, cards: Iterable[Card]) -> list[Match]:
        """How well each of these people fits; how rare something is, is counted among them."""
        self._lines = [list_lines(card) for card in cards]
        index = Index(self.reader)
        for lines in self._lines:
            index.add([(line.text, line.weight) for line in lines])
        question = index.ask([(self.topic, 1.0)])
        topics = index.score(question)
        steps = index.score(index.ask([(self.aim, 1.0)])) if self.aim else topics * 0
        return [
            self._judge(index, question, place, float(topics[place]), float(steps[place]))
            for place in range(len(self._lines))
        ]

    def _judge(self, index: Index, question: Question, place: int, topic: float, step: float) -> Match:
        lines = self._lines[place]
        equal = next((line for line in lines if line.field == "topic" and self._is_equal(line.text)), None)
        if equal:
            return Match(1.0, step, (_tell("topic", "same", equal.text),))
        evidence = [one for one in index.explain(question, place) if one.relation.weight >= _LEAST_REASON]
        reasons = self._list_reasons(evidence, lines) or self._list_alike(lines)
        return Match(topic, step, reasons) if reasons and topic >= LEAST_FIT else Match(0.0, step)

    def _is_equal(self, text: str) -> bool:
        return fold_topic(text) == self._folded

    def _list_reasons(self, evidence: list[Evidence], lines: tuple[Line, ...]) -> tuple[dict[str, str], ...]:
        reasons: dict[str, dict[str, str]] = {}
        for one in evidence:
            line, vocabulary = lines[one.source], self.reader.vocabulary
            names = {locale: vocabulary.name(one.offered, locale) for locale in ("ja", "en")}
            near = "same" if one.relation.kind == "same" else "related"
            reasons.setdefault(line.text, _tell(line.field, near, line.text) | names)
        return tuple(sorted(reasons.values(), key=lambda reason: reason["near"] != "same"))[:_MOST_REASONS]

    def _list_alike(self, lines: tuple[Line, ...]) -> tuple[dict[str, str], ...]:
        """What shares words with the question, where no concept is shared."""
        found = ((len(self._pieces & list_pieces(self.reader.read(line.text).words)), line) for line in lines)
        best = sorted(((count, line) for count, line in found if count), key=lambda one: -one[0])
        return tuple(_tell(line.field, "related", line.text) for _, line in best[:_MOST_REASONS])

    @cached_property
    def _pieces(self) -> frozenset[str]:
        return list_wanted_pieces(self.reader.read(self.topic).rest)

    @cached_property
    def _wanted(self) -> dict[str, float]:
        """Every concept that helps, with how much: over all that the question is about."""
        found, wanted = self.reader.read(self.topic), dict[str, float]()
        for one in (*found.found, *found.guesses):
            for id, relation in self.reader.relations(one.concept).items():
                if relation.weight >= LEAST_FIT:
                    wanted[id] = wanted.get(id, 0.0) + relation.weight
        return wanted

    @cached_property
    def _folded(self) -> str:
        return fold_topic(self.topic)

    def find_nearness(self, text: str) -> float:
        """How much a person who tells this could fit, roughly; 0 for not at all. For leaving out the many who can't,
        before anybody is read."""
        glance, wanted = self.reader.glance(text), self._wanted
        near = sum(wanted.get(concept, 0.0) for concept in glance.concepts)
        if self._pieces and not self._pieces.isdisjoint(glance.pieces):
            near += LEAST_FIT
        return near or float(self._is_equal(text))


def _tell(field: str, near: str, text: str) -> dict[str, str]:
    return {"kind": field if field != "department" else "former", "near": near, "topic": text}
