"""How jobs look, in both languages, everywhere; and with whatever people write."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Form, Message, Reader
from handlers.jobs import actions, forms, people_views, referral_views, views
from handlers.jobs.letters import both
from handlers.jobs.people_views import DeskPage, FeedTrouble, Person
from handlers.jobs.rules import LONGEST_PLACE, LONGEST_TEXT, LONGEST_TITLE, LONGEST_WORDS, Draft
from handlers.jobs.views import Board, Offer
from storage.models import Job, JobInterest, JobReferral, JobWish
from tests.handlers.jobs.people import TODAY, make_job
from tests.support.everywhere import find_problems
from tests.support.golden import check_views
from tests.support.world import START

Views = dict[str, Callable[[], Message | Form]]
POLICY = Policy()
ADVISOR = {
    "title_ja": "",
    "text_ja": "",
    "title_en": "Advisor for cold-weather testing",
    "text_en": "Two days a month.",
    "kind": "advisor",
    "place": "Remote",
    "url": "",
}


def interest(id: int = 7, stage: str = "interested", **given: object) -> JobInterest:
    return JobInterest(id=id, job_id=1, stage=stage, created_at=START, changed_at=START, **given)  # pyright: ignore[reportArgumentType]


def referral(state: str = "waiting", name: str = "北川 透") -> JobReferral:
    return JobReferral(
        id=3, job_id=1, referrer_id=2, name=name, email="toru@mail.example", words="", email_hash="x", state=state,
        created_at=START, answer_by=START + timedelta(days=14),
    )  # fmt: skip


def member_views(job: Job, name: str, said: str, reasons: tuple[str, ...]) -> Views:
    offer, advisor = Offer(job, reasons, name), Offer(make_job(2, **ADVISOR), (), "", "talking")
    by = TODAY + timedelta(days=14)
    link = "https://musubi.example/p/friend/1-2-abc"
    return {
        "board": lambda: views.board(
            Board((offer, advisor), 0, 2, 4, ((interest(), job),), ((referral(name=name), job),), is_hr=True)
        ),
        "board_next": lambda: views.board(Board((offer,), 1, 3, 9, has_wish=True, can_refer=False), said),
        "board_empty": lambda: views.board(Board(())),
        "consent": lambda: views.ask_consent(POLICY, is_hr=False),
        "details": lambda: views.details(offer, can_refer=True),
        "details_mine": lambda: views.details(advisor, can_refer=False, interest=interest(stage="talking")),
        "home": lambda: Message("home", views.home(3, [(interest(), job)], waiting=2)),
        "announcement": lambda: Message("announcement", views.announcement(job)),
        "digest": lambda: Message("digest", views.digest_item(job)),
        "talk_form": lambda: forms.talk_form(job, name),
        "talk_form_hr": lambda: forms.talk_form(job, ""),
        "wish_form": lambda: forms.wish_form(JobWish(member_id=1, kinds=["advisor"], place=job.place)),
        "heard": lambda: views.heard(job, interest(), name),
        "heard_hr": lambda: views.heard(job, interest(), ""),
        "standing": lambda: views.standing(job, interest(stage="interviewing")),
        "called_off": lambda: views.called_off(job),
        "hidden": lambda: views.hidden(job),
        "closed_job": lambda: views.closed_job(job),
        "step_talking": lambda: views.step(job, "talking", name, room=True),
        "step_talking_hr": lambda: views.step(job, "talking", ""),
        "step_interviewing": lambda: views.step(job, "interviewing", ""),
        "step_hired": lambda: views.step(job, "hired", ""),
        "step_closed": lambda: views.step(job, "closed", "", said),
        "job_over": lambda: views.job_over(job),
        "job_closed_meanwhile": lambda: views.job_closed_meanwhile(job),
        "refer_form": lambda: forms.refer_form(job, name, "toru@mail.example", said, by_mail=True),
        "refer_form_link": lambda: forms.refer_form(job, by_mail=False),
        "asked_by_mail": lambda: referral_views.asked_by_mail(job, name, by),
        "asked_by_link": lambda: referral_views.asked_by_link(job, name, link, by),
        "friend_agreed": lambda: referral_views.agreed(job, START),
        "friend_not": lambda: referral_views.not_this_time(job, START),
        "friend_talking": lambda: referral_views.step(job, START, "talking"),
        "friend_interviewing": lambda: referral_views.step(job, START, "interviewing"),
        "friend_hired": lambda: referral_views.step(job, START, "hired"),
        "friend_closed": lambda: referral_views.step(job, START, "closed"),
        "thought_of_you": lambda: referral_views.thought_of_you(job, name, said),
        "letter": lambda: both("ja", lambda: referral_views.letter(job, name, "北川 透", said, link, by, POLICY)),
        "no_pages": referral_views.no_pages,
    }


def hr_views(job: Job, name: str, said: str) -> Views:
    person = Person(interest(member_id=5, handler_id=9), job, name, 5, handler="高橋 翔", said=said)
    friend = Person(interest(8, "interviewing"), job, name, 0, "toru@mail.example", "佐藤 美咲", said=said)
    gone = Person(interest(9, "closed", ended="self"), job, name, 6)
    counts = {1: {"interested": 2, "talking": 1}}
    closing = FeedTrouble((), tuple(make_job(id, title_ja=f"求人{id}") for id in range(3, 18)), "abc", 20)
    closed = make_job(2, state="closed", **ADVISOR)
    bad = FeedTrouble(("3行目：題名がありません。",))
    draft = Draft(job.title_ja, job.text_ja, job.title_en, job.text_en, job.kind, job.place, job.url, job.closes_on)
    return {
        "desk": lambda: people_views.desk(DeskPage((job, closed), counts, 0, 2, None, START), said),
        "desk_empty": lambda: people_views.desk(DeskPage((), {})),
        "desk_feed": lambda: people_views.desk(DeskPage((job,), {}, trouble=closing)),
        "feed_trouble": lambda: people_views.feed_trouble(bad),
        "feed_closing": lambda: people_views.feed_trouble(closing),
        "people": lambda: people_views.people((person, friend, gone), None, 0, 2),
        "people_of_job": lambda: people_views.people((person,), job, 1, 2, said),
        "people_nobody": lambda: people_views.people((), job, 0, 1),
        "arrival": lambda: people_views.arrival(person, for_contact=True),
        "arrival_hr": lambda: people_views.arrival(person, for_contact=False),
        "arrival_friend": lambda: people_views.arrival(friend, for_contact=False),
        "taken": lambda: people_views.taken(person, by_me=True, room=True),
        "taken_friend": lambda: people_views.taken(friend, by_me=True),
        "taken_by_other": lambda: people_views.taken(person, by_me=False),
        "passed_on": lambda: people_views.passed_on(person),
        "stands": lambda: people_views.stands(gone),
        "no_longer": lambda: people_views.no_longer(job),
        "closes_soon": lambda: people_views.closes_soon(job, counts[1]),
        "saved": lambda: people_views.saved(job),
        "job_form": lambda: forms.job_form(actions.Save(0, 1), Draft(), "", TODAY),
        "job_form_change": lambda: forms.job_form(actions.Save(1, 0), draft, name, TODAY),
        "end_form": lambda: forms.end_form(actions.End(7, "talking", 0, 0), job, name),
    }


@pytest.mark.parametrize("locale", LANGUAGES)
def test_they_look_like_this(locale: str) -> None:
    reasons = (
        ("あなたの話題：電池開発", "希望の働き方：正社員") if locale == "ja" else ("Your topic: Battery development",)
    )
    said = "電池の安全設計について伺いたいです。" if locale == "ja" else "I would like to hear of safety design."
    name = "高橋 翔" if locale == "ja" else "Sho Takahashi"
    check_views("jobs", locale, member_views(make_job(1), name, said, reasons) | hr_views(make_job(1), name, said))


HOSTILE = [
    "<!channel> <@U012> & *bold* `code` [link](https://evil.example) <at>Everybody</at> {{DATE(2026)}} {name} %s",
    '"' * LONGEST_TEXT,
]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_people_write_can_be_shown_everywhere(text: str, locale: str) -> None:
    title, place = text[:LONGEST_TITLE], text[:LONGEST_PLACE]
    job = make_job(1, title_ja=title, text_ja=text, title_en=title, text_en=text, place=place)
    name, said = text[:80], text[:LONGEST_WORDS]
    for view, make in (member_views(job, name, said, (text[:75],) * 5) | hr_views(job, name, said)).items():
        with use_locale(locale):
            made = make()
        assert find_problems(made, Reader(locale, "Asia/Tokyo")) == [], view
