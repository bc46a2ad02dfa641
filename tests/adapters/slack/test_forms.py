"""Forms as modals, and back: every field, every limit, every page."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.forms import FormPlace, read_place, read_values, render_errors, render_form, write_place
from adapters.slack.limits import RenderError
from adapters.slack.mrkdwn import clean
from bot.incoming import FormValues
from bot.ui import Checkboxes, Field, Form, MultiSelect, Option, Para, Select, TextInput
from tests.adapters.slack.samples import EN, FORM, HOSTILE, JA, WriteNote
from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.modal import Modal
from tests.fake_slack.view_methods import add_view, view_json
from tests.fake_slack.views import check_view

NOWHERE = FormPlace()
OPTIONS = tuple(Option(str(n), f"選択肢 {n}") for n in range(101))


def draw(form: Form, place: FormPlace = NOWHERE) -> dict[str, Any]:
    """A form as a modal that Slack takes."""
    view = render_form(form, JA, place)
    assert check_view(view, "modal") == []
    return view


def form_of(*fields: Field) -> Form:
    """A form with these fields."""
    return Form("登録", "送る", WriteNote("x"), fields)


def open_modal(view: dict[str, Any]) -> Modal:
    """The modal in somebody's hands."""
    slack = FakeSlack()
    person = Person(slack, slack.workspace.add_user("佐藤 美咲"))
    return Modal(person, add_view(slack.workspace, person.id, view))


def submitted(modal: Modal) -> dict[str, Any]:
    """The view as it comes back."""
    return view_json(modal.person.slack.workspace, modal.view)


def test_a_form_with_everything() -> None:
    view = draw(FORM)
    assert (view["title"]["text"], view["submit"]["text"], view["callback_id"]) == (
        "プロフィール",
        "次へ",
        "slacktest.note",
    )
    assert "close" not in view, "Slack writes its own, in the person's language"
    modal = open_modal(view)
    assert modal.labels == ["会社", "伺いたいこと", "言葉", "話題", "同意", "日"]
    assert [block.get("optional") for block in view["blocks"] if block["type"] == "input"] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]
    assert "なくてもかまいません" in modal.text
    assert "あとで変えられます。" in modal.text


def test_what_was_there_before_is_filled_in() -> None:
    modal = open_modal(draw(FORM))
    assert modal.value("会社") == "サンプル電池"
    assert modal.value("言葉") == "日本語"
    assert modal.value("話題") == ["海外"], "a topic that is gone is not chosen"
    assert modal.value("同意") == ["求人"]
    assert modal.value("日") == "2026-12-01"


def test_what_was_entered_comes_back() -> None:
    modal = open_modal(draw(FORM))
    modal.fill("伺いたいこと", "量産 <の> & 立ち上げ").choose("言葉", "English").pick("話題", "電池", "海外")
    modal.tick("同意").pick_date("日", date(2027, 1, 5)).clear("会社")
    values = read_values(submitted(modal))
    assert values == FormValues(
        {
            "employer": "",
            "aim": "量産 <の> & 立ち上げ",
            "language": "en",
            "topics": ("1", "2"),
            "consents": (),
            "day": "2027-01-05",
        }
    )


def test_untouched_fields_come_back_as_they_were() -> None:
    values = read_values(submitted(open_modal(draw(FORM))))
    assert values.text("employer") == "サンプル電池"
    assert values.several("topics") == ("2",)
    assert values.text("aim") == ""


@given(st.text(max_size=50), st.text(max_size=20), st.text(max_size=20), st.text(max_size=100), st.integers(0, 99))
def test_what_a_form_carries_comes_back(payload: str, channel: str, message: str, url: str, page: int) -> None:
    place = FormPlace(channel, message, url, page)
    carried = write_place(payload or "x", place)
    assert read_place({"private_metadata": carried}) == (payload or "x", place)


@pytest.mark.parametrize("carried", ["", "{", "null", "[]", '["a","b"]', '["a","b","c","d","e"]', '{"a":1}'])
def test_what_another_maker_carries_is_nothing_to_us(carried: str) -> None:
    assert read_place({"private_metadata": carried}) == ("", FormPlace())
    assert read_place({}) == ("", FormPlace())


def test_each_page_has_ids_of_its_own() -> None:
    first, second = draw(FORM), draw(FORM, FormPlace().next())
    ids = [{block["block_id"] for block in view["blocks"] if "block_id" in block} for view in (first, second)]
    assert not ids[0] & ids[1]
    assert "0.employer" in ids[0]
    assert "1.employer" in ids[1]


def test_errors_stand_beside_their_fields() -> None:
    view = submitted(open_modal(draw(FORM, FormPlace(page=3))))
    assert render_errors({"aim": "300文字までです。"}, view) == {"3.aim": "300文字までです。"}


def test_errors_without_a_field_of_their_own_go_to_the_first() -> None:
    view = submitted(open_modal(draw(FORM)))
    errors = render_errors({"": "あと3回試せます。", "employer": "長すぎます。"}, view)
    assert errors == {"0.employer": "あと3回試せます。 長すぎます。"}
    assert render_errors({"x": "y"}, {"blocks": []}) == {}


@pytest.mark.parametrize(
    "form",
    [
        replace(FORM, title="x" * 25),
        replace(FORM, title=" "),
        replace(FORM, submit="x" * 25),
        replace(FORM, items=()),
        replace(FORM, items=tuple(Para((str(n),)) for n in range(101))),
        form_of(TextInput("a", " ")),
        form_of(TextInput("a", "x" * 2001)),
        form_of(TextInput("a", "x", max_length=3001)),
        form_of(TextInput("a", "x", max_length=3, value="abcd")),
        form_of(TextInput("a", "x", example="x" * 151)),
        form_of(TextInput("a", "x", hint="x" * 2001)),
        form_of(Select("a", "x", ())),
        form_of(Select("a", "x", OPTIONS)),
        form_of(MultiSelect("a", "x", OPTIONS)),
        form_of(Checkboxes("a", "x", OPTIONS[:11])),
        form_of(Select("a", "x", (Option("1", "x" * 76),))),
        form_of(Select("a", "x", (Option("", "x"),))),
        form_of(Select("a", "x", (Option("v" * 151, "x"),))),
        form_of(Select("a", "x", (Option("1", "x"), Option("1", "y")))),
    ],
)
def test_what_does_not_fit_is_refused(form: Form) -> None:
    with pytest.raises(RenderError):
        render_form(form, JA, FormPlace())


def test_what_a_form_carries_has_room_for_the_longest_payload() -> None:
    place = FormPlace("C" * 20, "1763600400.000001", "https://hooks.slack.com/actions/" + "x" * 300, 99)
    draw(replace(FORM, action=WriteNote("あ" * 950)), place)
    with pytest.raises(RenderError):
        write_place("x" * 3000, place)


@pytest.mark.parametrize("text", [text for text in HOSTILE if clean(text).strip()])
def test_hostile_words_in_a_form(text: str) -> None:
    short = clean(text).strip()[:60]
    entry = TextInput("a", short, value=text[:3000], hint=text[:2000], example=short, max_length=3000)
    modal = open_modal(draw(form_of(entry, Select("b", short, (Option("1", short),), value="1"))))
    assert modal.labels == [" ".join(short.split())] * 2


def test_the_language_of_questions_is_the_readers() -> None:
    assert check_view(render_form(FORM, EN, FormPlace()), "modal") == []
