"""Every view of a consultation, with the words and people of one example, or with hostile ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.ui import Form, Message
from handlers.consultations.rules import MOST_TIMES_ASKED, Answer, News
from handlers.consultations.views import asker, forms, home, mentor, talk
from handlers.consultations.views.asker import Offer
from handlers.consultations.views.careful import Workplaces
from handlers.consultations.views.forms import Wishes
from handlers.consultations.views.people import Person
from handlers.consultations.views.talk import Meeting, Way
from storage.models import Consultation, ConsultationRequest, ConsultationState, EndReason, RequestState, Role
from storage.queries.members import Card
from tests.handlers.consultations.people import AIM, TOPIC

NOW = datetime(2026, 11, 20, 1, 31, tzinfo=UTC)
LATER = NOW + timedelta(days=10)

Views = dict[str, Callable[[], Message | Form]]


@dataclass(frozen=True)
class Words:
    """What people wrote."""

    name: str = "高橋 翔"
    other: str = "佐藤 美咲"
    department: str = "設計2課"
    employer: str = "電池スタートアップ"
    job: str = "開発部長"
    city: str = "仙台"
    company: str = "サンプル精機"
    topic: str = TOPIC
    aim: str = AIM
    shared: str = "電池開発"
    line: str = "最初の半年の進め方がはっきりしました。"

    def places(self, role: Role) -> Workplaces:
        """Where both work."""
        return Workplaces(role, self.company, self.employer, self.employer)

    def consultation(self, **fields: object) -> Consultation:
        """The consultation."""
        given = {"id": 7, "asker_id": 1, "topic": self.topic, "aim": self.aim, "created_at": NOW, "timing": "month"}
        return Consultation.model_validate(given | fields)

    def request(self, *extra: dict[str, str]) -> ConsultationRequest:
        """The request."""
        return ConsultationRequest(
            id=9, consultation_id=7, mentor_id=2, asked_at=NOW, reply_by=LATER, reasons=[*extra, *self.reasons()]
        )

    def reasons(self) -> list[dict[str, str]]:
        """Why the other one fits."""
        return [
            {"kind": "topic", "topic": self.shared, "near": "related"},
            {"kind": "topic", "topic": self.topic[:40], "near": "same"},
            {"kind": "department"},
            {"kind": "language", "language": "ja"},
        ]

    def asker(self, role: Role = Role.EMPLOYEE, **fields: str) -> Person:
        """Who asks."""
        department = fields.get("department", self.department)
        return Person(Card(1, self.name, "", role, department=department))

    def mentor(self, rank: int = 0, role: Role = Role.ALUMNUS) -> Person:
        """Who is asked."""
        card = Card(
            2,
            self.other,
            "",
            role,
            department=self.department,
            employer=self.employer,
            job=self.job,
            city=self.city,
            topics=(self.shared,) * 3,
        )
        return Person(card, rank)


def views_of_the_asker(words: Words) -> Views:
    """What the asker sees."""
    one = words.consultation()
    offers = [
        Offer(1, words.mentor(), words.reasons()),
        Offer(2, words.mentor(2), words.reasons()[:1]),
        Offer(3, words.mentor(3, Role.EMPLOYEE), [{"kind": "department"}, {"kind": "language", "language": "en"}]),
    ]
    views: Views = {
        "received": lambda: asker.received(words.topic, 3),
        "received_nobody": lambda: asker.received(words.topic, 0),
        "too_many_open": asker.too_many_open,
        "talked": lambda: asker.talked(one),
        "proposals": lambda: asker.proposals(one, offers, LATER, News.FOUND),
        "proposals_one": lambda: asker.proposals(one, offers[:1], LATER, News.NONE),
    }
    for news in (News.FOUND_AGAIN, News.CHOICE_GONE, News.STILL_HERE):
        views[f"proposals_{news}"] = lambda news=news: asker.proposals(one, offers[:2], LATER, news)
    for news in (News.NONE, News.ASKED, News.FOUND_AGAIN, News.DECLINED, News.EXPIRED, News.MENTOR_GONE):
        views[f"asking_{news}"] = lambda news=news: asker.asking(one, None, LATER, news)
    views["asking_named"] = lambda: asker.asking(one, words.mentor(), LATER, News.ASKED)
    views["asking_nameless"] = lambda: asker.asking(one, words.mentor(1), LATER, News.ASKED)
    for news in (News.NOBODY, News.STILL_NOBODY, News.CHOICE_GONE, News.DECLINED, News.EXPIRED, News.MENTOR_GONE):
        views[f"searching_{news}"] = lambda news=news: asker.searching(one, LATER, news)
    for reason in EndReason:
        ended = words.consultation(end_reason=reason)
        views[f"ended_{reason}"] = lambda ended=ended: asker.ended(ended)
    return views


def views_of_the_mentor(words: Words) -> Views:
    """What the person asked sees."""
    one, request = words.consultation(), words.request()
    english = words.consultation(language="en", timing="soon")
    either = words.consultation(language="any", timing="open")
    suggested = words.request({"kind": "suggested"})
    views: Views = {
        "request": lambda: mentor.request_card(one, request, words.asker()),
        "request_reminds": lambda: mentor.request_card(one, request, words.asker(), reminds=True),
        "request_of_alumnus": lambda: mentor.request_card(english, request, words.asker(Role.ALUMNUS)),
        "request_suggested": lambda: mentor.request_card(either, suggested, words.asker(department="")),
        "moved_on": mentor.moved_on,
        "accept": lambda: mentor.accepted(one, words.asker(), NOW, words.places(Role.ALUMNUS)),
        "accept_no_employer": lambda: mentor.accepted(one, words.asker(), NOW, Workplaces(Role.ALUMNUS, words.company)),
        "keep_asking": lambda: mentor.keep_asking(3),
        "kept": mentor.kept,
        "resting": lambda: mentor.resting(LATER),
        "stopped": mentor.stopped,
        "line_for_hr": lambda: mentor.line_for_hr(words.other, words.line),
        "closed_busy": lambda: mentor.request_closed(RequestState.DECLINED, rests=True),
    }
    for state in (RequestState.DECLINED, RequestState.SUGGESTED, RequestState.EXPIRED, RequestState.WITHDRAWN):
        views[f"closed_{state}"] = lambda state=state: mentor.request_closed(state)
    return views


def views_of_both(words: Words) -> Views:
    """What both see from acceptance on."""
    one = words.consultation()
    planned = words.consultation(talk_on=date(2026, 12, 3))
    languages = ("ja", "en")
    last = words.consultation(next_at=LATER, times_asked=MOST_TIMES_ASKED)
    meet = talk.meet(one, Meeting(words.mentor(), Way.APART), LATER)
    views: Views = {
        "accepted": lambda: talk.accepted(one, words.mentor(), words.places(Role.EMPLOYEE)),
        "accepted_no_employer": lambda: talk.accepted(
            one, words.asker(department=""), Workplaces(Role.EMPLOYEE, words.company)
        ),
        "meet_timed": lambda: talk.meet(
            one, Meeting(words.mentor(), Way.ROOM, "slack", NOW + timedelta(days=4)), LATER
        ),
        "meet_room": lambda: talk.meet(one, Meeting(words.mentor(), Way.ROOM, "slack"), LATER),
        "meet_find": lambda: talk.meet(one, Meeting(words.mentor(), Way.FIND, "teams"), LATER),
        "meet_relayed": lambda: talk.meet(one, Meeting(words.mentor(), Way.RELAYED), LATER),
        "meet_apart": lambda: talk.meet(planned, Meeting(words.mentor(), Way.APART), LATER),
        "meet_here": lambda: talk.meet(planned, Meeting(words.mentor(), Way.ROOM, "playground"), LATER),
        "room": lambda: talk.room_opening(one, words.asker(), words.mentor(), languages),
        "date_told": lambda: talk.date_told(date(2026, 12, 3), words.name),
        "contact_shared": lambda: talk.contact_shared(words.name, words.line),
        "date_kept": lambda: talk.with_note(meet, talk.say_date_kept(date(2026, 12, 3))),
        "contact_sent": lambda: talk.with_note(meet, talk.say_contact_sent(words.name)),
        "question": lambda: talk.question(words.consultation(next_at=LATER, times_asked=1), words.other),
        "question_last": lambda: talk.question(last, words.other),
        "waiting_planned": lambda: talk.waiting(one, Answer.PLANNED, LATER),
        "waiting_not_yet": lambda: talk.waiting(one, Answer.NOT_YET, LATER),
        "waiting_last": lambda: talk.waiting(last, Answer.NOT_YET, None),
        "held": lambda: talk.held(one),
        "thanks": talk.thanks,
        "noted": talk.noted,
        "line_passed_on": lambda: talk.line_passed_on(words.name, words.topic, words.line),
    }
    for reason in (EndReason.MENTOR_CALLED_OFF, EndReason.NO_TALK, EndReason.ASKER_CALLED_OFF):
        ended = words.consultation(end_reason=reason)
        views[f"ended_for_mentor_{reason}"] = lambda ended=ended: talk.ended_for_mentor(ended)
    return views


def forms_and_home(words: Words) -> Views:
    """The forms, and the part of the home page."""
    wishes = Wishes(words.topic, words.aim, "any", "soon")
    waiting = [home.Waiting(9, words.asker(), words.topic, LATER)]
    states = (
        ConsultationState.PROPOSED,
        ConsultationState.ASKING,
        ConsultationState.SEARCHING,
        ConsultationState.ACCEPTED,
    )
    going = [home.Going(7, words.topic, state) for state in states]
    return {
        "form_wish": lambda: forms.wish_form(Wishes(), "0123456789abcdef"),
        "form_topic": lambda: forms.topic_form(wishes, 7),
        "form_decline": lambda: forms.decline_form(9),
        "form_suggest": lambda: forms.suggest_form(9, words.name),
        "form_date": lambda: forms.date_form(7, date(2026, 12, 3)),
        "form_contact": lambda: forms.contact_form(7, words.name, words.line),
        "form_feedback": lambda: forms.feedback_form(7, words.name, asked=False),
        "form_feedback_asked": lambda: forms.feedback_form(7, words.name, asked=True),
        "home": lambda: Message("-", home.home(waiting, going, silent=False)),
        "home_empty": lambda: Message("-", home.home([], [], silent=False)),
        "home_silent": lambda: Message("-", home.home([], [], silent=True)),
    }


def all_views(words: Words) -> Views:
    """Everything."""
    return views_of_the_asker(words) | views_of_the_mentor(words) | views_of_both(words) | forms_and_home(words)
