"""What the two forms bring: read, checked, and the same again when nothing was changed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import FormValue, FormValues
from bot.ui import Form
from handlers.actions import OpenHome
from handlers.profile.forms import Frame, about_form, choices_form
from handlers.profile.rules import (
    LONGEST_LINE,
    LONGEST_NEWS,
    NO_QUIET_HOURS,
    SPOKEN,
    About,
    Choices,
    Digest,
    Fault,
    about_of,
    check_about,
    check_choices,
    choices_of,
    list_fields,
    merge_topics,
    read_about,
    read_choices,
    split_topics,
)
from storage.models import Member, Purpose, Role
from storage.queries.members import ProfileField
from storage.queries.topics import LONGEST_TOPIC, MOST_TOPICS, clean_topics
from tests.support.world import START

FRAME = Frame("t", "s", OpenHome())
OFFERED = ("電池", "採用", "Management")

lines = st.text("あ電x ", max_size=12).map(str.strip)
topic_lists = st.lists(
    st.one_of(st.sampled_from(OFFERED), st.text("あ電xY", min_size=1, max_size=8)), max_size=MOST_TOPICS
).map(clean_topics)
abouts = st.builds(
    About,
    employer=lines,
    job=lines,
    department=st.just(""),
    city=lines,
    languages=st.sets(st.sampled_from(SPOKEN)).map(lambda given: tuple(code for code in SPOKEN if code in given)),
    topics=topic_lists,
    latest_news=lines,
)
fields = st.sets(st.sampled_from(ProfileField)).map(lambda given: tuple(item for item in ProfileField if item in given))
hours = st.integers(0, 23)
choices = st.builds(
    Choices,
    consents=st.frozensets(st.sampled_from(Purpose)),
    alumni_only=fields,
    hidden=fields,
    capacity=st.integers(0, 3),
    nameless=st.booleans(),
    quiet_from=hours,
    quiet_to=hours,
    digest=st.sampled_from(Digest),
    language=st.sampled_from(["ja", "en"]),
    accepted=st.booleans(),
)


def values_of(form: Form) -> FormValues:
    """What a platform sends when somebody opens a form and sends it off as it is."""
    given: dict[str, FormValue] = {}
    for item in form.fields:
        several: Any = getattr(item, "values", None)
        given[item.name] = tuple(several) if several is not None else str(getattr(item, "value", ""))
    return FormValues(given)


@given(abouts)
def test_sending_the_profile_off_unchanged_changes_nothing(about: About) -> None:
    read = read_about(values_of(about_form(FRAME, about, OFFERED, is_employee=False)))
    assert sorted(read.topics) == sorted(
        split_topics(about.topics, OFFERED)[0] + split_topics(about.topics, OFFERED)[1]
    )
    assert read == About(
        **{name: getattr(about, name) for name in About.__slots__ if name != "topics"}, topics=read.topics
    )
    assert check_about(read) == {}


@given(choices)
def test_sending_the_choices_off_unchanged_changes_nothing(present: Choices) -> None:
    form = choices_form(FRAME, present, role=Role.ALUMNUS, zone="Asia/Tokyo", ask_guidelines=True)
    read = read_choices(values_of(form), present)
    if present.quiet_from == present.quiet_to:
        assert read.quiet_from == read.quiet_to
    else:
        assert (read.quiet_from, read.quiet_to) == (present.quiet_from, present.quiet_to)
    for name in ("consents", "alumni_only", "hidden", "capacity", "nameless", "digest", "language", "accepted"):
        assert getattr(read, name) == getattr(present, name), name


@given(
    st.dictionaries(st.sampled_from(["capacity", "quiet_from", "quiet_to", "digest", "language"]), st.text()), choices
)
def test_what_no_form_offers_leaves_things_as_they_are(forged: dict[str, FormValue], present: Choices) -> None:
    read = read_choices(FormValues(forged), present)
    assert read.capacity in range(4)
    assert read.quiet_from in range(24)
    assert read.quiet_to in range(24)
    assert read.language in ("ja", "en")
    assert Digest(read.digest)


def test_topics_come_from_the_list_and_from_free_words_each_once() -> None:
    values = FormValues({"topics": ("電池", "採用"), "more_topics": " 電 池、量産、, Team building ；量産\n"})
    assert read_about(values).topics == ("電池", "採用", "量産", "Team building")


@pytest.mark.parametrize(
    ("topics", "faults"),
    [
        (tuple("abcde"), {}),
        (tuple("abcdef"), {"more_topics": Fault.TOO_MANY_TOPICS}),
        (("x" * LONGEST_TOPIC,), {}),
        (("x" * (LONGEST_TOPIC + 1),), {"more_topics": Fault.TOPIC_TOO_LONG}),
    ],
)
def test_five_topics_of_forty_characters_are_enough(topics: tuple[str, ...], faults: dict[str, Fault]) -> None:
    assert check_about(About(topics=topics)) == faults


def test_long_texts_are_cut_as_the_form_would() -> None:
    read = read_about(FormValues({"employer": "あ" * 500, "latest_news": "い" * 500, "languages": ("ja", "klingon")}))
    assert (len(read.employer), len(read.latest_news), read.languages) == (LONGEST_LINE, LONGEST_NEWS, ("ja",))


def test_a_department_is_kept_in_one_spelling() -> None:
    assert read_about(FormValues({"department": "設計　２課"})).department == "設計 2課"


def test_the_list_of_topics_is_the_community_s_filled_up() -> None:
    assert merge_topics(["電池", "採用"], ["採　用", "起業", "財務"], 3) == ("電池", "採用", "起業")


def test_a_topic_is_found_in_the_list_however_it_is_written() -> None:
    assert split_topics(["ＭＡＮＡＧＥＭＥＮＴ", "量産"], OFFERED) == (("Management",), ("量産",))


def test_who_told_no_language_speaks_the_one_they_read() -> None:
    member = Member(language="en", created_at=START)
    assert about_of(member, ()).languages == ("en",)
    member.languages = ["ko"]
    assert about_of(member, ()).languages == ("ko",)


def test_the_guidelines_must_be_accepted_once() -> None:
    assert check_choices(Choices(accepted=False)) == {"guidelines": Fault.GUIDELINES}
    assert read_choices(FormValues({}), Choices(accepted=True)).accepted
    assert read_choices(FormValues({"guidelines": ("accepted",)}), Choices()).accepted
    assert not read_choices(FormValues({}), Choices()).accepted


def test_a_field_can_t_be_for_alumni_and_for_nobody() -> None:
    both = Choices(accepted=True, alumni_only=(ProfileField.CITY, ProfileField.JOB), hidden=(ProfileField.CITY,))
    assert check_choices(both) == {"hidden": Fault.SHOWN_AND_HIDDEN}


def test_visibility_is_kept_and_read_again() -> None:
    chosen = Choices(alumni_only=(ProfileField.EMPLOYER,), hidden=(ProfileField.CITY,))
    assert chosen.visibility == {"employer": "alumni", "city": "nobody"}
    member = Member(visibility=chosen.visibility, guidelines_version="1", created_at=START)
    again = choices_of(member, frozenset({Purpose.NEWS}), "1")
    assert (again.alumni_only, again.hidden) == (chosen.alumni_only, chosen.hidden)
    assert (again.consents, again.accepted) == ({Purpose.NEWS}, True)
    assert not choices_of(member, frozenset(), "2").accepted


def test_no_quiet_hours_are_equal_hours() -> None:
    read = read_choices(FormValues({"quiet_from": NO_QUIET_HOURS, "quiet_to": "8"}), Choices())
    assert (read.quiet_from, read.quiet_to) == (0, 0)


def test_an_employee_decides_about_what_an_employee_has() -> None:
    assert set(ProfileField) - set(list_fields(Role.EMPLOYEE)) == {ProfileField.YEARS, ProfileField.EMPLOYER}
    assert list_fields(Role.ALUMNUS) == tuple(ProfileField)
