"""What the fake finds wrong with cards. A card that it takes, with one change each."""

import copy

import pytest

from tests.fake_teams import cards, schemas
from tests.fake_teams.keys import Json


def knows(some_id: str) -> bool:
    return some_id == "29:sato"


def check(card: Json, where: cards.Where = "message") -> list[str]:
    return cards.check_card(card, where, knows)


def make_mention(name: str = "佐藤", some_id: str = "29:sato") -> Json:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": some_id, "name": name}}


def make_field(**changes: object) -> Json:
    field = {
        "type": "Input.Text",
        "id": "code",
        "label": "コード",
        "isRequired": True,
        "errorMessage": "入力してください",
    }
    return field | changes


def make_choices(*values: str, **changes: object) -> Json:
    choices = [{"title": value, "value": value} for value in values]
    return {"type": "Input.ChoiceSet", "id": "topics", "label": "話題", "choices": choices} | changes


def test_a_good_card_passes(card: Json) -> None:
    card["msteams"] = {"width": "Full", "entities": [make_mention()]}
    card["body"] += [
        {"type": "TextBlock", "text": "<at>佐藤</at>", "targetWidth": "atLeast:narrow"},
        make_field(),
        make_choices("a", "b", isMultiSelect=True, value="a,b"),
        {"type": "Image", "url": "https://example.com/a.png", "altText": "結び目"},
    ]
    assert check(card) == []


@pytest.mark.skipif(not schemas.PATH.exists(), reason="the public schemas are not beside this checkout")
@pytest.mark.parametrize(
    "element",
    [
        {"type": "TextBlock", "text": "x", "colour": "good"},
        {"type": "TextBlock"},
        {"type": "Carousel", "pages": []},
        {"type": "TextBlock", "text": "x", "size": "Gigantic"},
        {"type": "FactSet", "facts": [{"title": "x"}]},
        {"type": "Action.Submit", "title": "x"},
        {"type": "Container", "items": [{"type": "Container", "items": [{"type": "TextBlock"}]}]},
        {"type": "ColumnSet", "columns": [{"type": "TextBlock", "text": "x"}]},
        {"type": "ActionSet", "actions": [{"type": "TextBlock", "text": "x"}]},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x", "markdown": True}]},
        {"type": "Table", "rows": [{"type": "TableRow", "cells": [{"type": "TableCell", "items": [{"type": "Zzz"}]}]}]},
        {"text": "x"},
        "x",
    ],
)
def test_the_schema_refuses(card: Json, element: object) -> None:
    card["body"].append(element)
    assert any(problem.startswith("schema: ") for problem in check(card))


@pytest.mark.parametrize(
    ("element", "complaint"),
    [
        ({"type": "TextBlock", "text": " "}, "empty TextBlock"),
        ({"type": "RichTextBlock", "inlines": []}, "empty RichTextBlock"),
        ({"type": "Image", "url": "http://example.com/a.png", "altText": "a"}, "an image by"),
        ({"type": "Image", "url": "https://example.com/a.png"}, "without words"),
        ({"type": "TextBlock", "text": "<at>佐藤</at>"}, "has no entity"),
        (make_field(id=""), "without an id"),
        (make_field(errorMessage=""), "errorMessage"),
        (make_field(label=""), "screen reader"),
        (make_choices(), "no choices"),
        (make_choices("a", "a"), "two choices"),
        (make_choices("a,b", isMultiSelect=True), "comma"),
        (make_choices("a", value="c"), "none of the choices"),
        ({"type": "Container", "id": "twice", "items": [make_field(id="twice")]}, "used twice"),
    ],
)
def test_bad_elements(card: Json, element: Json, complaint: str) -> None:
    card["body"].append(element)
    problems = check(card)
    assert any(complaint in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        ({"type": "Action.Execute", "title": "x"}, "without a verb"),
        ({"type": "Action.Execute", "verb": "x"}, "without a title"),
        ({"type": "Action.OpenUrl", "title": "x", "url": "javascript:alert(1)"}, "OpenUrl"),
        ({"type": "Action.Submit", "title": "x", "data": {"msteams": {"type": "signin"}}}, "msteams"),
        ({"type": "Action.ToggleVisibility", "title": "x", "targetElements": ["nothing"]}, "not there"),
    ],
)
def test_bad_actions(card: Json, action: Json, complaint: str) -> None:
    card["actions"] = [action]
    problems = check(card)
    assert any(complaint in problem for problem in problems), problems


def test_a_dialog_knows_submit_only(card: Json) -> None:
    assert any("in a dialog" in problem for problem in check(card, "dialog"))
    card["actions"] = [{"type": "Action.Submit", "title": "送信", "data": {"msteams": {"type": "task/fetch"}}}]
    assert check(card) == []
    assert any("can't open a dialog" in problem for problem in check(card, "dialog"))


def test_seven_buttons_are_one_too_many(card: Json) -> None:
    card["actions"] = [{"type": "Action.Execute", "title": str(n), "verb": "v"} for n in range(7)]
    assert any("7 buttons" in problem for problem in check(card))


@pytest.mark.parametrize(
    ("key", "value"),
    [("version", "1.6"), ("version", None), ("body", []), ("type", "HeroCard"), ("msteams", {"colour": 1})],
)
def test_bad_heads(card: Json, key: str, value: object) -> None:
    assert check(card | {key: value})


@pytest.mark.parametrize(
    "entities",
    [
        [make_mention("高橋")],
        [make_mention(), make_mention()],
        [make_mention(some_id="29:nobody")],
        [make_mention() | {"extra": 1}],
        [make_mention() | {"mentioned": {"id": "29:sato"}}],
    ],
)
def test_bad_mentions(card: Json, entities: list[Json]) -> None:
    good = copy.deepcopy(card)
    good["body"].append({"type": "TextBlock", "text": "<at>佐藤</at>"})
    assert check(good | {"msteams": {"entities": [make_mention()]}}) == []
    assert check(good | {"msteams": {"entities": entities}})
