"""The time of a talk: consultations as hosts of meetings."""

from datetime import datetime

from bot.i18n import _
from bot.ui import Button
from handlers.consultations import actions, flow, present, together
from handlers.consultations.desk import Desk
from handlers.meetings import Acting, Matter
from storage.models import Consultation, ConsultationState, Member
from storage.queries import consultations as queries


class TalkHost:
    """See `handlers.meetings.Host`."""

    def hold(self, acting: Acting, subject_id: int) -> tuple[int, int] | None:
        """Asker and mentor, while their talk is ahead and both are there."""
        consultation = queries.find_locked(acting.db, subject_id)
        if consultation is None or consultation.state != ConsultationState.ACCEPTED:
            return None
        if flow.recheck(_make_desk(acting), consultation) or consultation.mentor_id is None:
            return None
        return consultation.asker_id, consultation.mentor_id

    def describe(self, acting: Acting, subject_id: int, reader: Member) -> Matter | None:
        """The other's name, and what the talk is about."""
        consultation = queries.get_consultation(acting.db, subject_id)
        other = present.find_other(_make_desk(acting), consultation, reader)
        if other is None:
            return None
        return Matter(other.name, lambda: _make_title(consultation, other.name), lambda: _tell_day(subject_id))

    def note_time(self, acting: Acting, subject_id: int, starts_at: datetime | None) -> None:
        """The question how it went follows the talk."""
        together.note_time(_make_desk(acting), queries.get_consultation(acting.db, subject_id), starts_at)


def _make_desk(acting: Acting) -> Desk:
    """Without the pressed message, which is the meeting's card."""
    return Desk(acting.db, acting.now, acting.policy, acting.installation, acting.actor)


def _make_title(consultation: Consultation, name: str) -> str:
    """A line in the reader's calendar."""
    return _("Consultation: {topic} ({name})").format(topic=consultation.topic, name=name)


def _tell_day(consultation_id: int) -> Button:
    return Button(_("Tell the day"), actions.SetDate(consultation_id))
