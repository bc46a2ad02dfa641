"""The catalogues' tool, on small repositories made for each test."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts import translations
from scripts.texts import Unreadable, find_texts, part_of, texts_in

ROOT = Path(__file__).parents[2]


class Repository:
    """A small repository: sources are written, catalogues made and filled."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, source: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")

    def path(self, part: str, language: str = "ja") -> Path:
        return self.root / "bot" / "locale" / language / f"{part}.po"

    def po(self, part: str, language: str = "ja") -> str:
        return self.path(part, language).read_text(encoding="utf-8")

    def translate(self, part: str, english: str, japanese: str) -> None:
        """Writes a translation as a translator does: into the line below the text."""
        before, after = self.po(part).split(f'msgid "{english}"\n', 1)
        rest = after.split("\n", 1)[1]
        self.path(part).write_text(f'{before}msgid "{english}"\nmsgstr "{japanese}"\n{rest}', encoding="utf-8")

    def update(self) -> list[str]:
        return translations.update(self.root)

    def check(self) -> list[str]:
        return translations.check(self.root)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def greeting(repository: Repository) -> Repository:
    """A repository with one text, translated."""
    repository.write("bot/views.py", 'text = _("Welcome, {name}.")\n')
    repository.update()
    repository.translate("bot", "Welcome, {name}.", "{name}さん、ようこそ。")
    return repository


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("bot/app.py", "bot"),
        ("adapters/slack/render.py", "adapters"),
        ("storage/queries/outbox.py", "storage"),
        ("scheduler/ticker.py", "scheduler"),
        ("handlers/coffee/views.py", "coffee"),
        ("handlers/help.py", "help"),
        ("handlers/__init__.py", "handlers"),
    ],
)
def test_a_file_belongs_to_the_catalogue_of_its_part(path: str, part: str) -> None:
    assert part_of(Path(path)) == part


def test_the_three_kinds_of_calls_are_found() -> None:
    source = 'a = _("One")\nb = ngettext("{n} day", "{n} days", 3)\nc = pgettext("month", "May")\n'
    found = [
        (t.message, t.plural, t.context, t.line) for t in texts_in(source, "x.py") if not isinstance(t, Unreadable)
    ]
    assert found == [("One", None, None, 1), ("{n} day", "{n} days", None, 2), ("May", None, "month", 3)]


def test_a_text_in_several_literals_is_one_text() -> None:
    (text,) = texts_in('_(\n    "First what happened, "\n    "then what you can do."\n)', "x.py")
    assert not isinstance(text, Unreadable)
    assert text.message == "First what happened, then what you can do."


def test_the_underscore_of_a_loop_is_no_text() -> None:
    assert texts_in("for _ in range(3):\n    print(_)\n", "x.py") == []


@pytest.mark.parametrize(
    "call", ["_(name)", '_(f"Hello {name}")', '_("a" + b)', 'ngettext("a", b, 1)', 'pgettext(c, "a")']
)
def test_a_text_that_is_not_written_out_is_named(call: str) -> None:
    assert texts_in(f"\nx = {call}\n", "bot/x.py") == [Unreadable("bot/x.py", 2)]


def test_unreadable_texts_fail_the_check_with_their_place(repository: Repository) -> None:
    repository.write("handlers/help/views.py", "title = _(heading)\n")
    (problem,) = repository.check()
    assert problem.startswith("handlers/help/views.py:1: ")


def test_only_the_product_is_read_not_tests_or_scripts(repository: Repository) -> None:
    for folder in ("tests", "scripts", "bench", "docs"):
        repository.write(f"{folder}/x.py", '_("Not for readers")')
    assert find_texts(repository.root) == ({}, [])


def test_update_makes_one_file_per_part_that_has_texts(repository: Repository) -> None:
    repository.write("bot/a.py", '_("One")')
    repository.write("handlers/coffee/views.py", '_("Two")')
    repository.write("storage/x.py", "")
    repository.update()
    assert sorted(path.name for path in repository.path("bot").parent.iterdir()) == ["bot.po", "coffee.po"]


def test_update_tells_what_is_untranslated(repository: Repository) -> None:
    repository.write("bot/a.py", '_("One")')
    assert repository.update() == ["bot.po: no Japanese for 'One'"]


def test_a_complete_catalogue_passes(greeting: Repository) -> None:
    assert greeting.update() == []
    assert greeting.check() == []


def test_update_keeps_translations_and_drops_what_is_gone(greeting: Repository) -> None:
    greeting.write("bot/views.py", 'text = _("Welcome, {name}."), _("Later")\n')
    greeting.update()
    greeting.translate("bot", "Later", "あとで")
    greeting.write("bot/views.py", 'text = _("Welcome, {name}.")\n')
    greeting.update()
    assert "{name}さん、ようこそ。" in greeting.po("bot")
    assert "Later" not in greeting.po("bot")


def test_a_text_that_moves_to_another_part_keeps_its_translation(greeting: Repository) -> None:
    greeting.write("bot/views.py", "")
    greeting.write("handlers/welcome/views.py", 'text = _("Welcome, {name}.")\n')
    assert greeting.update() == []
    assert "{name}さん、ようこそ。" in greeting.po("welcome")
    assert not greeting.path("bot").exists()


def test_the_files_hold_no_dates_and_no_line_numbers(greeting: Repository) -> None:
    before = greeting.po("bot")
    greeting.write("bot/views.py", '\n\n\ntext = _("Welcome, {name}.")\n')
    greeting.update()
    assert greeting.po("bot") == before
    assert "#: bot/views.py\n" in before


def test_entries_stand_in_the_order_of_files_and_lines(repository: Repository) -> None:
    repository.write("bot/b.py", '_("Third")\n_("First")\n')
    repository.write("bot/a.py", '_("Zero")\n')
    repository.update()
    ids = [line for line in repository.po("bot").splitlines() if line.startswith("msgid") and line != 'msgid ""']
    assert ids == ['msgid "Zero"', 'msgid "Third"', 'msgid "First"']


def test_english_has_entries_for_plurals_only(repository: Repository) -> None:
    repository.write("bot/a.py", '_("One")\nngettext("{n} person", "{n} people", 2)\n')
    repository.update()
    with repository.path("bot", "en").open("rb") as file:
        catalog = read_po(file, locale="en")
    assert [(m.id, m.string) for m in catalog if m.id] == [(("{n} person", "{n} people"), ("{n} person", "{n} people"))]


def test_a_plural_has_one_japanese_form(repository: Repository) -> None:
    repository.write("bot/a.py", 'ngettext("one person", "{n} people", 2)\n')
    repository.update()
    text = repository.po("bot")
    assert "msgstr[1]" not in text
    repository.path("bot").write_text(text.replace('msgstr[0] ""', 'msgstr[0] "{n}人"'), encoding="utf-8")
    assert repository.check() == []
    assert repository.update() == []
    assert "{n}人" in repository.po("bot")


def test_contexts_tell_equal_texts_apart(repository: Repository) -> None:
    repository.write("bot/a.py", 'pgettext("month", "May")\npgettext("verb", "May")\n')
    repository.update()
    assert repository.po("bot").count('msgid "May"') == 2


def test_a_new_text_makes_the_catalogue_stale(greeting: Repository) -> None:
    greeting.write("bot/other.py", '_("Later")\n')
    assert greeting.check() == ["bot/locale/ja/bot.po: out of date; run make translations"]


def test_a_catalogue_of_a_part_that_is_gone_is_stale(greeting: Repository) -> None:
    greeting.write("bot/views.py", "")
    assert greeting.check() == ["bot/locale/ja/bot.po: out of date; run make translations"]


def test_a_missing_translation_fails(repository: Repository) -> None:
    repository.write("bot/a.py", '_("Later")\n')
    repository.update()
    assert repository.check() == ["bot.po: no Japanese for 'Later'"]


def test_a_doubtful_translation_fails(greeting: Repository) -> None:
    text = greeting.po("bot").replace('msgid "Welcome', '#, fuzzy\nmsgid "Welcome')
    greeting.path("bot").write_text(text, encoding="utf-8")
    assert any(problem.startswith("bot.po: fuzzy") for problem in greeting.check())


@pytest.mark.parametrize("japanese", ["ようこそ。", "{nama}さん、ようこそ。", "{name}さん、{city}へようこそ。"])
def test_holes_that_differ_fail(greeting: Repository, japanese: str) -> None:
    greeting.translate("bot", "Welcome, {name}.", japanese)
    (problem,) = greeting.check()
    assert problem.startswith("bot.po: holes differ (name in English)")


def test_english_left_over_fails(greeting: Repository) -> None:
    greeting.translate("bot", "Welcome, {name}.", "{name}さん、welcomeです。")
    (problem,) = greeting.check()
    assert problem.startswith("bot.po: English left over (welcome)")


def test_a_text_translated_in_two_ways_fails(repository: Repository) -> None:
    repository.write("bot/a.py", '_("Later")\n')
    repository.write("handlers/coffee/views.py", '_("Later")\n')
    repository.update()
    repository.translate("bot", "Later", "あとで")
    repository.translate("coffee", "Later", "のちほど")
    assert repository.check() == ["coffee.po: 'Later' is translated in another way than in bot.po"]


def test_a_text_translated_in_one_part_is_translated_in_all_at_the_next_update(repository: Repository) -> None:
    repository.write("bot/a.py", '_("Later")\n')
    repository.write("handlers/coffee/views.py", '_("Later")\n')
    repository.update()
    repository.translate("bot", "Later", "あとで")
    assert repository.update() == []
    assert repository.check() == []


def test_the_command_line_answers_with_an_exit_code(
    greeting: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translations, "ROOT", greeting.root)
    assert translations.main(["check"]) == 0
    greeting.write("bot/other.py", '_("Later")\n')
    assert translations.main(["check"]) == 1
    assert "make translations" in capsys.readouterr().out
    assert translations.main(["update"]) == 0
    assert "Later" in greeting.po("bot")
