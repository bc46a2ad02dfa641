"""What is noted when nobody could help: what the topic is about, never what was typed, and nobody's name."""

import re
import unicodedata
from zoneinfo import ZoneInfo

from handlers.consultations.desk import Desk
from storage.models import Consultation
from storage.queries import figures

_LONGEST_WORD = 40
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def note(desk: Desk, consultation: Consultation) -> None:
    """Notes the consultation's topic as unmet demand, for HR to hear of when enough people wished for the same."""
    month = desk.now.astimezone(ZoneInfo(desk.policy.zone)).strftime("%Y-%m")
    asker = figures.hash_asker(desk.installation.secret, consultation.asker_id)
    figures.note_unmet_demand(desk.db, list_terms(consultation.topic), asker, month)


def list_terms(topic: str) -> list[str]:
    """What a topic is about: the words in it."""
    words = _BETWEEN_WORDS.split(unicodedata.normalize("NFKC", topic).casefold())
    return [f"{figures.WORD}{word}" for word in words if 1 < len(word) <= _LONGEST_WORD]
