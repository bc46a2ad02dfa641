"""What is noted when nobody could help: what the topic is about, never what was typed, and nobody's name."""

from zoneinfo import ZoneInfo

from handlers.consultations.desk import Desk
from handlers.topics import Reader, get_working_reader
from storage.models import Consultation
from storage.queries import figures

_SHORTEST_WORD, _LONGEST_WORD = 2, 40


def note(desk: Desk, consultation: Consultation) -> None:
    """Notes the consultation's topic as unmet demand, for HR to hear of when enough people wished for the same."""
    month = desk.now.astimezone(ZoneInfo(desk.policy.zone)).strftime("%Y-%m")
    asker = figures.hash_asker(desk.installation.secret, consultation.asker_id)
    terms = list_terms(get_working_reader(desk.policy.topics_file), consultation.topic)
    figures.note_unmet_demand(desk.db, terms, asker, month)


def list_terms(reader: Reader, topic: str) -> list[str]:
    """What a topic is about: the concepts it names, and the words that no concept covers."""
    reading = reader.read(topic)
    concepts = [f"{figures.CONCEPT}{found.concept}" for found in reading.found]
    words = [word for word in reading.rest if _SHORTEST_WORD <= len(word) <= _LONGEST_WORD]
    return [*concepts, *(f"{figures.WORD}{word}" for word in words)]
