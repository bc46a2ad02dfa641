"""The vocabulary: files, how they are put together, what is near what, and what the check finds."""

from pathlib import Path

import pytest

from handlers.topics import VocabularyError, get_working_reader, load_vocabulary
from handlers.topics.checking import Problem, check_entries
from handlers.topics.loading import Entry, merge, read_all, read_entries
from handlers.topics.vocabulary import Concept, Vocabulary
from tests.handlers.topics.sample import make_reader


def write(folder: Path, text: str, name: str = "own.toml") -> Path:
    """A vocabulary file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """
[space-elevator]
ja = ["宇宙エレベーター"]
en = ["space elevator"]
broader = ["battery-development"]

[battery]
ja = ["でんち"]
"""


def test_a_companys_own_file_adds_concepts_and_names(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    vocabulary = load_vocabulary(str(path))
    shipped = load_vocabulary()
    assert vocabulary.name("space-elevator", "ja") == "宇宙エレベーター"
    assert len(vocabulary.concepts) == len(shipped.concepts) + 1
    assert vocabulary.concepts["battery"].ja == (*shipped.concepts["battery"].ja, "でんち")
    assert vocabulary.name("battery", "ja") == shipped.name("battery", "ja"), "the shown name stays"
    found = get_working_reader(str(path)).read("でんちと宇宙エレベーター").weights
    assert set(found) == {"battery", "space-elevator"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a\n", "own.toml: "),
        ("[a]\nja = 'x'\n", "[a] ja: must be a list of texts."),
        ("[a]\nja = [1]\n", "[a] ja: must be a list of texts."),
        ("[a]\nname = ['x']\n", "[a] name: not known"),
        ("a = 1\n", "a: a concept is a table"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(VocabularyError) as refused:
        read_entries(path)
    assert sentence in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_missing_file_and_one_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="Is the name right"):
        read_entries(tmp_path / "nowhere.toml")
    (tmp_path / "sjis.toml").write_bytes('[a]\nja = ["電池"]\n'.encode("cp932"))
    with pytest.raises(VocabularyError, match="not UTF-8"):
        read_entries(tmp_path / "sjis.toml")


def test_people_are_served_with_the_shipped_vocabulary_when_the_own_file_is_broken(tmp_path: Path) -> None:
    reader = get_working_reader(str(write(tmp_path, "[a")))
    assert reader.vocabulary is load_vocabulary()


def test_a_name_to_show_is_always_there() -> None:
    only_english = Concept("x", (), ("thing",))
    assert (only_english.name("ja"), only_english.name("en")) == ("thing", "thing")
    assert Concept("x", (), ()).name("ja") == "x"
    assert Vocabulary({}).name("gone", "ja") == "gone"
    assert Vocabulary({"x": only_english}).find("x") is only_english
    assert Vocabulary({}).find("x") is None


# What is near what


def kind(asked: str, offered: str) -> str:
    """How one concept of the sample stands to another."""
    relation = make_reader().vocabulary.relations(asked).get(offered)
    return relation.kind if relation else ""


@pytest.mark.parametrize(
    ("asked", "offered", "relation"),
    [
        ("battery", "battery", "same"),
        ("battery", "battery-development", "narrower"),
        ("battery", "solid-state-battery", "narrower"),
        ("battery-development", "battery", "broader"),
        ("quality", "ramp-up", "related"),
        ("ramp-up", "quality", "related"),
        ("india", "kyoto", "sibling"),
        ("battery", "recruiting", ""),
        ("nothing", "battery", ""),
    ],
)
def test_relations(asked: str, offered: str, relation: str) -> None:
    assert kind(asked, offered) == relation


def test_a_name_inside_the_names_of_another_concept_brings_the_two_together_a_little() -> None:
    """In both directions; not for a single name among many, which may be chance."""
    reader = make_reader()
    for asked, offered in (("recycling", "battery"), ("battery", "recycling")):
        relation = reader.relations(asked)[offered]
        assert (relation.kind, relation.weight) == ("related", reader.vocabulary.closeness.implied)
        assert offered not in reader.vocabulary.relations(asked), "nobody wrote it down"
    assert "battery-trade" not in reader.relations("battery")
    assert "recycling" not in reader.relations("recruiting")


def test_what_is_written_down_counts_more_than_what_names_imply() -> None:
    reader = make_reader()
    assert reader.relations("battery-development")["battery"].kind == "broader"


def test_nearer_concepts_weigh_more() -> None:
    relations = make_reader().vocabulary.relations("battery-development")
    order = ["battery-development", "solid-state-battery", "battery", "manufacturing"]
    weights = [relations[id].weight for id in order]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_a_general_parent_brings_its_children_less_near_than_a_special_one() -> None:
    children = {f"c{n}": Concept(f"c{n}", (f"名{n}",), (), ("wide",)) for n in range(30)}
    pair = {id: Concept(id, (id,), (), ("narrow",)) for id in ("p", "q")}
    vocabulary = Vocabulary(
        {"wide": Concept("wide", ("広",), ()), "narrow": Concept("narrow", ("狭",), ()), **children, **pair}
    )
    wide = vocabulary.relations("c0").get("c1")
    assert vocabulary.relations("p")["q"].weight > (wide.weight if wide else 0)
    assert vocabulary.specificity("wide") < vocabulary.specificity("narrow") < vocabulary.specificity("p") == 1.0


def test_circles_and_gaps_do_no_harm() -> None:
    vocabulary = Vocabulary(
        {"a": Concept("a", ("あ",), (), ("b", "gone")), "b": Concept("b", ("い",), (), ("a",), ("gone", "b"))}
    )
    assert vocabulary.ancestors == {"a": {"b": 1}, "b": {"a": 1}}
    assert set(vocabulary.relations("a")) == {"a", "b"}


# The check


def check(*concepts: Concept) -> list[Problem]:
    """What the check says of these concepts in one file."""
    return check_entries([Entry("own.toml", concept) for concept in concepts])


FINE = (Concept("a", ("電池",), ("battery",)), Concept("b", ("電池開発",), ("battery development",), ("a",)))


def test_nothing_is_said_of_a_good_vocabulary() -> None:
    assert check(*FINE) == []


@pytest.mark.parametrize(
    ("concept", "sentence"),
    [
        (Concept("C D", ("名前",), ("name",), ("a",)), "an id has small letters, digits and - only"),
        (Concept("c", (), ("name",), ("a",)), "[c] ja: has no name in this language"),
        (Concept("c", ("名前",), (), ("a",)), "[c] en: has no name in this language"),
        (Concept("c", (" ",), ("name",), ("a",)), "[c] ja: an empty name"),
        (Concept("c", ("！",), ("name",), ("a",)), "nothing in '！' can be found"),
        (Concept("c", ("名前",), ("name",), ("gone",)), "[c] broader: there is no concept 'gone'"),
        (Concept("c", ("名前",), ("name",), ("a",), ("gone",)), "[c] related: there is no concept 'gone'"),
        (Concept("c", ("名前",), ("name",), ("c",)), "[c] broader: a concept can't name itself"),
    ],
)
def test_an_error_is_named(concept: Concept, sentence: str) -> None:
    problems = check(*FINE, concept)
    assert any(sentence in problem.sentence and problem.is_error for problem in problems), problems


@pytest.mark.parametrize(
    ("concept", "sentence"),
    [
        (Concept("c", ("名前",), ("name",)), "[c] is an orphan"),
        (Concept("c", ("池",), ("name",), ("a",)), "'池' is a single letter"),
        (Concept("c", ("名前 ",), ("name",), ("a",)), "has space around it"),
        (Concept("c", ("名前",), ("Batteries",), ("a",)), "is a name of a, c"),
        (Concept("a", ("でんち",), ()), "[a] comes in own.toml and own.toml"),
    ],
)
def test_a_warning_is_named_and_is_no_error(concept: Concept, sentence: str) -> None:
    (problem,) = check(*FINE, concept)
    assert sentence in problem.sentence
    assert not problem.is_error


def test_a_circle_is_named_once_with_its_way() -> None:
    problems = check(
        Concept("a", ("一番",), ("one",), ("b",)),
        Concept("b", ("二番",), ("two",), ("c",)),
        Concept("c", ("三番",), ("three",), ("a",)),
        Concept("d", ("四番",), ("four",), ("a",)),
    )
    assert [problem.sentence for problem in problems] == ["a → b → c → a: a circle of broader concepts."]


def test_errors_come_before_warnings() -> None:
    problems = check(*FINE, Concept("c", ("名前",), ("name",)), Concept("d", (), ("other",), ("a",)))
    assert [problem.is_error for problem in problems] == [True, False]


# What is shipped


def test_the_shipped_vocabulary_has_no_errors() -> None:
    assert [problem.sentence for problem in check_entries(read_all()) if problem.is_error] == []


def test_the_shipped_vocabulary_is_large_and_in_both_languages() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.concepts) >= 400
    assert all(concept.ja and concept.en for concept in vocabulary.concepts.values())


def test_every_shown_name_leads_back_to_its_concept() -> None:
    """In both languages: what people are shown as a reason, they can type as a topic."""
    reader = get_working_reader()
    for id in reader.vocabulary.concepts:
        for locale in ("ja", "en"):
            assert id in reader.read(reader.vocabulary.name(id, locale)).weights, (id, locale)


def test_merging_keeps_the_first_description() -> None:
    one, other = Concept("a", ("一",), ("one",), ("x",)), Concept("a", ("一", "壱"), (), ("y",), ("z",))
    merged = merge([Entry("1", one), Entry("2", other)]).concepts["a"]
    assert merged == Concept("a", ("一", "壱"), ("one",), ("x", "y"), ("z",))
