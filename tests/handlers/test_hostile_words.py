"""Names, news and reasons that are long or full of the platforms' own signs: every view of the way in, the profile and
the home page can still be shown everywhere.
"""

from collections.abc import Callable

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Form, Message, Reader
from handlers.actions import OpenHome
from handlers.home import views as home
from handlers.onboarding import views as onboarding
from handlers.onboarding.rules import Identity
from handlers.pause import views as pause
from handlers.profile import views as profile
from handlers.profile.forms import Frame, about_form, news_form
from handlers.profile.rules import LONGEST_LINE, LONGEST_NEWS, About
from handlers.welcome import views as welcome
from storage.models import Member
from storage.queries.topics import LONGEST_TOPIC, MOST_TOPICS
from tests.support.everywhere import find_problems
from tests.support.world import START

LONGEST_NAME = 120

HOSTILE = [
    "<!channel> <@U012> & *bold* _it_ ~no~ `code`",
    "[link](https://evil.example) <https://evil.example|here>",
    "<at>Everybody</at> {{DATE(2026-01-01T00:00:00Z,SHORT)}} # **x**",
    "{name} {0} %s %(x)s \\n",
    "\u202eright to left\u202c 👩‍👩‍👧‍👦 Zoë O'Brien",
    "あ" * LONGEST_NEWS,
    '"' * LONGEST_NEWS,
]


def views_with(text: str) -> dict[str, Callable[[], Message | Form]]:
    """Every view that holds something a person wrote, with `text` in each such place, as long as it can be there."""
    name, news, line = text[:LONGEST_NAME], text[:LONGEST_NEWS], text[:LONGEST_LINE]
    policy = Policy(community=line, community_en=line, company=line, company_en=line)
    topics = tuple(f"{number}{text}"[:LONGEST_TOPIC] for number in range(MOST_TOPICS))
    about = About(line, line, line, line, ("ja",), topics, news)
    person = Member(name=name, employer=line, job=line, city=line, latest_news=news, language="ja", created_at=START)
    frame = Frame("T", "S", OpenHome())
    return {
        "leaver": lambda: welcome.welcome_leaver(name, policy),
        "employee": lambda: welcome.welcome_employee(name, policy),
        "hr": lambda: welcome.welcome_hr(name, policy),
        "nudge": lambda: welcome.nudge(name, policy, begun=False, last=True),
        "nudge_begun": lambda: welcome.nudge(name, policy, begun=True, last=False),
        "no_more": lambda: welcome.no_more(policy),
        "identify": lambda: onboarding.identify_form(Identity(line, line, line, line), policy),
        "still_waiting": lambda: onboarding.still_waiting(name, START),
        "approved": lambda: onboarding.approved(name),
        "declined": lambda: onboarding.declined(name, text * 5),
        "completed": lambda: onboarding.completed(policy),
        "greeted": lambda: onboarding.greeted(name, 3, policy),
        "home": lambda: home.home(name, news, (), policy),
        "doorstep": lambda: home.doorstep(policy, begun=False),
        "back": lambda: pause.back(name),
        "ended": lambda: pause.ended(name),
        "saved": lambda: profile.saved(person, topics),
        "ask_news": lambda: profile.ask_news(news),
        "news_saved": lambda: profile.news_saved(person),
        "about": lambda: about_form(frame, about, topics, is_employee=False),
        "about_employee": lambda: about_form(frame, about, topics, is_employee=True),
        "news_form": lambda: news_form(frame, news),
    }


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_view_can_be_shown_everywhere(text: str, locale: str) -> None:
    for name, make in views_with(text).items():
        with use_locale(locale):
            view = make()
        assert find_problems(view, Reader(locale, "Asia/Tokyo")) == [], name
