"""Languages: catalogues in parts, the reader's language, and sentences with holes."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.i18n import _, current_locale, fill, find_language, ngettext, pgettext, prose, use_locale
from bot.ui import Bold, Mention, Para

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a part of the Japanese catalogue, in a folder of its own."""
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path)
    i18n.load_translations.cache_clear()

    def put(part: str, entries: str) -> None:
        (tmp_path / "ja").mkdir(exist_ok=True)
        (tmp_path / "ja" / f"{part}.po").write_text(HEAD + entries, encoding="utf-8")

    yield put
    i18n.load_translations.cache_clear()


def entry(id: str, text: str, before: str = "") -> str:
    return f'{before}msgid "{id}"\nmsgstr "{text}"\n\n'


def test_all_parts_are_one_catalogue(write: Write) -> None:
    write("a", entry("Accept", "引き受ける"))
    write("b", entry("Decline", "今回は難しい"))
    with use_locale("ja"):
        assert (_("Accept"), _("Decline")) == ("引き受ける", "今回は難しい")


def test_two_parts_may_agree(write: Write) -> None:
    write("a", entry("Accept", "引き受ける"))
    write("b", entry("Accept", "引き受ける"))
    with use_locale("ja"):
        assert _("Accept") == "引き受ける"


def test_where_two_parts_disagree_the_first_holds_and_the_log_says_so(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a", entry("Accept", "引き受ける"))
    write("b", entry("Accept", "はい") + entry("Decline", "今回は見送る"))
    with use_locale("ja"):
        assert (_("Accept"), _("Decline")) == ("引き受ける", "今回は見送る"), "nobody's answer may fail for it"
    told = capsys.readouterr().out
    assert all(word in told for word in ("i18n.translated_twice", "b.po", "Accept"))


def test_no_two_parts_disagree_here(capsys: pytest.CaptureFixture[str]) -> None:
    i18n.load_translations.cache_clear()
    for language in i18n.LANGUAGES:
        i18n.load_translations(language)
    assert "translated_twice" not in capsys.readouterr().out


def test_a_context_tells_equal_english_apart(write: Write) -> None:
    write("a", entry("Open", "開く", 'msgctxt "button"\n') + entry("Open", "募集中", 'msgctxt "state"\n'))
    with use_locale("ja"):
        assert (pgettext("button", "Open"), pgettext("state", "Open"), _("Open")) == ("開く", "募集中", "Open")


def test_what_has_no_translation_reads_in_english(write: Write) -> None:
    write("a", entry("Empty", "") + entry("Guessed", "たぶん", "#, fuzzy\n"))
    with use_locale("ja"):
        assert [_("Missing"), _("Empty"), _("Guessed")] == ["Missing", "Empty", "Guessed"]


def test_the_empty_sentence_is_empty_and_not_the_catalogues_header(write: Write) -> None:
    write("a", entry("Accept", "引き受ける"))
    with use_locale("ja"):
        assert _("") == ""


def test_numbers(write: Write) -> None:
    write("a", 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n}日"\n\n')
    with use_locale("ja"):
        assert [ngettext("{n} day", "{n} days", n).format(n=n) for n in (0, 1, 2)] == ["0日", "1日", "2日"]
    with use_locale("en"):
        assert [ngettext("{n} day", "{n} days", n).format(n=n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_english_needs_no_catalogue(write: Write) -> None:
    with use_locale("en"):
        assert _("Accept") == "Accept"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_real_catalogues_fit_together(language: str) -> None:
    with use_locale(language):
        assert _("") == ""


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("ja_JP", "ja"),
        ("JA-jp", "ja"),
        ("en_GB", "en"),
        ("en-US-posix", "en"),
        ("de-DE", None),
        ("", None),
        ("jap", None),
    ],
)
def test_a_platforms_locale_means_one_of_our_languages_or_none(locale: str, language: str | None) -> None:
    assert find_language(locale) == language


def test_a_language_we_do_not_speak_becomes_english() -> None:
    with use_locale("fr-FR"):
        assert current_locale() == "en"


def test_the_language_is_back_after_the_block_whatever_happens_in_it() -> None:
    before = current_locale()
    with pytest.raises(RuntimeError), use_locale("en"), use_locale("ja"):
        raise RuntimeError
    assert current_locale() == before


async def test_two_conversations_at_once_keep_their_languages() -> None:
    async def read(locale: str) -> list[str]:
        seen: list[str] = []
        with use_locale(locale):
            for _turn in range(5):
                await asyncio.sleep(0)
                seen.append(current_locale())
        return seen

    assert await asyncio.gather(read("ja"), read("en")) == [["ja"] * 5, ["en"] * 5]


def test_holes_are_filled_where_the_translation_has_them() -> None:
    day, who = Bold("Friday"), Mention(1, "Misaki")
    assert prose("{who} before {day}.", who=who, day=day) == Para((who, " before ", day, "."))
    assert prose("{day}までに{who}さんへ", who=who, day=day) == Para((day, "までに", who, "さんへ"))


def test_a_hole_without_a_filling_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="who"):
        fill("{who} is here", day="today")


def test_what_fills_a_hole_is_never_read_as_a_sentence() -> None:
    assert fill("Dear {name}", name="{secret}") == ("Dear ", "{secret}")


@given(st.lists(st.sampled_from(["{a}", "{b}", "text", "、", " "]), max_size=8))
def test_nothing_is_lost_between_the_holes(parts: list[str]) -> None:
    sentence = "".join(parts)
    filled = fill(sentence, a="A!", b="B!")
    assert "".join(str(piece) for piece in filled) == sentence.replace("{a}", "A!").replace("{b}", "B!")
    assert "" not in filled
