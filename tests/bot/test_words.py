"""The company's words: アルムナイ or 卒業生, 人事 or 事務局, in every text and nowhere in what people write."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.i18n import LOCALE_FOLDER, Words, _, choose_words, use_locale, use_words
from bot.policy import Policy
from bot.settings import read_settings
from handlers.hr import cards, summary
from handlers.onboarding import views as onboarding
from handlers.welcome import views as welcome
from tests.handlers.hr.scene import hr
from tests.support.golden import check_views
from tests.support.world import World, text_of

GRADUATES, OFFICE = Words(alumni="卒業生"), Words("アルムナイ", "事務局")
_ANY = re.compile("アルムナイ|卒業生|人事|事務局")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    choose_words(Words())


def list_japanese() -> list[str]:
    """Every Japanese text of ours."""
    texts: list[str] = []
    for path in sorted(Path(LOCALE_FOLDER / "ja").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="ja"):
                if entry.id and entry.string:
                    texts += [entry.string] if isinstance(entry.string, str) else list(entry.string)
    return texts


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (Words(), "人事の卒業生とアルムナイ", "人事の卒業生とアルムナイ"),
        (GRADUATES, "アルムナイのみ", "卒業生のみ"),
        (OFFICE, "卒業生{letter}", "アルムナイ{letter}"),
        (OFFICE, "人事の担当者に", "事務局の担当者に"),
        (OFFICE, "人事部と人事異動と人事", "人事部と人事異動と事務局"),
        (OFFICE, "{hr}さんと{company}", "{hr}さんと{company}"),
        (OFFICE, "", ""),
    ],
)
def test_the_rules(words: Words, text: str, expected: str) -> None:
    assert words.apply(text) == expected
    assert words.apply(expected) == expected, "twice is once"


@pytest.mark.parametrize("words", [GRADUATES, OFFICE])
def test_no_text_has_the_other_word_and_nothing_else_changes(words: Words) -> None:
    changed = 0
    for text in list_japanese():
        said = words.apply(text)
        assert _ANY.sub("*", said) == _ANY.sub("*", text)
        assert ("アルムナイ" if words is GRADUATES else "卒業生") not in said
        assert words.hr == "人事" or not re.search("人事(?!部|異動)", said), said
        changed += said != text
    assert changed, "there is something to choose"


def test_other_languages_and_people_s_own_words_are_left_alone() -> None:
    choose_words(OFFICE)
    with use_locale("en"):
        assert use_words("人事") == "人事"
        assert _("For HR") == "For HR"
    with use_locale("ja"):
        shown = cards.locked("人事 太郎（卒業生）")
    assert "人事 太郎（卒業生）" in text_of(shown)


@pytest.mark.parametrize(("name", "words"), [("graduates", GRADUATES), ("office", OFFICE)])
def test_views_in_the_company_s_words(name: str, words: Words) -> None:
    choose_words(words)
    policy = Policy()
    check_views(
        f"words/{name}",
        "ja",
        {
            "welcome_leaver": lambda: welcome.welcome_leaver("佐藤 美咲", policy),
            "welcome_hr": lambda: welcome.welcome_hr("山本 由佳", policy),
            "waiting": lambda: onboarding.waiting(None, just_filed=True),
            "section": lambda: cards.locked("佐藤 美咲"),
            "handovers": lambda: summary.handovers(("佐藤 美咲",)),
        },
    )


def test_they_are_settings() -> None:
    settings = read_settings(_env_file=None, musubi_word_alumni="卒業生", musubi_word_hr="事務局")
    assert (settings.policy().word_alumni, settings.policy().word_hr) == ("卒業生", "事務局")


async def test_both_words_open_hr_s_page_and_the_chosen_one_is_shown(sqlite_url: str) -> None:
    policy = Policy(hr=frozenset({"hr@sample-seiki.example"}), word_hr="事務局")
    world = World(sqlite_url, policy=policy)
    yuka = await hr(world)
    for word in ("人事", "事務局"):
        await yuka.write(word)
        assert "事務局のページ" in text_of(yuka.inbox[-1])
    await yuka.command("/alumni help")
    assert yuka.answer is not None
    assert "事務局" in text_of(yuka.answer)
    assert "人事" not in text_of(yuka.answer)
    world.close()
