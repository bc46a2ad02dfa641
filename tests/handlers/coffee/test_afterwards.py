"""Have you met? Answers, silence, and what happens when somebody goes."""

from collections.abc import Iterator

import pytest

from handlers.coffee import actions
from storage.models import CoffeeGroup, CoffeeMember, Met, SeatState, Status
from storage.queries.coffee import count_rounds
from tests.handlers.coffee.people import (
    EVE,
    add_members,
    block,
    change,
    find_part,
    find_seat,
    hold_round,
    list_groups,
    make_world,
    pass_days,
    summaries,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of

QUESTION = "とはもう会えましたか？"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def count_questions(actor: Actor) -> int:
    """How often somebody was asked."""
    return sum(QUESTION in summary for summary in summaries(actor))


async def test_halfway_both_are_asked_once(database_url: str) -> None:
    world = make_world(database_url)
    one, other = await add_members(world, 2)
    await hold_round(world)
    await pass_days(world, 13.9)
    assert count_questions(one) == 0
    await pass_days(world, 1)
    assert (count_questions(one), count_questions(other)) == (1, 1)
    await one.press("会えた")
    assert find_seat(world, one).answer == Met.YES
    assert "会えたとのこと、よかったです" in text_of(one.inbox[-1])
    world.close()


@pytest.mark.parametrize(
    ("label", "answer", "sentence"),
    [("予定あり", Met.PLANNED, "ご予定があるとのこと"), ("まだ", Met.NOT_YET, "まだ間に合います")],
)
async def test_whoever_has_not_met_can_say_so_later(world: World, label: str, answer: Met, sentence: str) -> None:
    one, _other = await add_members(world, 2)
    await hold_round(world)
    await pass_days(world, 15)
    await one.press(label)
    assert find_seat(world, one).answer == answer
    assert sentence in text_of(one.inbox[-1])
    await one.press("会えた")
    assert find_seat(world, one).answer == Met.YES


async def test_pressed_twice_and_an_older_button_change_nothing(world: World) -> None:
    one, _other = await add_members(world, 2)
    await hold_round(world)
    await one.press_action(actions.Answer(1, Met.YES.value), key="same")
    await one.press_action(actions.Answer(1, Met.YES.value), key="same")
    await one.press_action(actions.Answer(1, Met.NOT_YET.value))
    assert find_seat(world, one).answer == Met.YES


async def test_who_has_said_it_before_is_not_asked(world: World) -> None:
    one, other = await add_members(world, 2)
    await hold_round(world)
    await one.press_action(actions.Answer(1, Met.YES.value))
    await pass_days(world, 15)
    assert (count_questions(one), count_questions(other)) == (0, 1)


@pytest.mark.parametrize(("group", "said"), [(1, "perhaps"), (99, "yes"), (-1, "yes")])
async def test_a_forged_answer_is_none(world: World, group: int, said: str) -> None:
    one, _other = await add_members(world, 2)
    await hold_round(world)
    await one.press_action(actions.Answer(group, said))
    assert find_seat(world, one).answer == ""


async def test_nobody_answers_for_others(world: World) -> None:
    people = await add_members(world, 4)
    await hold_round(world)
    stranger = next(person for person in people if find_seat(world, person).group_id != 1)
    await stranger.press_action(actions.Answer(1, Met.YES.value))
    assert all(find_seat(world, person).answer == "" for person in people)
    assert stranger.answer is not None
    assert "このボタンは使えなくなりました" in text_of(stranger.answer)


async def test_silence_is_counted_and_a_word_makes_up_for_it(world: World) -> None:
    one, other = await add_members(world, 2)
    await hold_round(world)
    await pass_days(world, 15)
    await one.press("まだ")
    await pass_days(world, 11)
    assert (find_part(world, one).ignored, find_part(world, other).ignored) == (0, 1)
    assert QUESTION not in text_of(other.inbox[-1])
    await other.press_action(actions.Keep())
    assert find_part(world, other).ignored == 0


async def make_silent(world: World) -> tuple[Actor, Actor]:
    """Two people, the first of whom has been silent three times."""
    one, other = await add_members(world, 2)
    with world.store.begin() as db:
        db.session.get_one(CoffeeMember, one.member().id).ignored = 2
    await hold_round(world)
    await pass_days(world, 25.5)
    return one, other


async def test_after_the_third_silence_there_are_three_choices_and_no_introductions(world: World) -> None:
    one, other = await make_silent(world)
    assert one.buttons()[:3] == ["続ける", "1か月休む", "やめる"]
    assert find_part(world, one).asked_to_stay
    assert not find_part(world, other).asked_to_stay
    await pass_days(world, 4)
    assert len(list_groups(world)) == 1
    await one.command("/coffee")
    assert one.answer is not None
    assert "3回続けて" in text_of(one.answer)


@pytest.mark.parametrize(
    ("label", "joined", "rests"), [("続ける", True, False), ("1か月休む", True, True), ("やめる", False, False)]
)
async def test_each_of_the_three_choices_counts(world: World, label: str, joined: bool, rests: bool) -> None:
    one, _other = await make_silent(world)
    await one.press(label)
    part = find_part(world, one)
    assert (part.joined, part.resting_until is not None, part.asked_to_stay, part.ignored) == (joined, rests, False, 0)


@pytest.mark.parametrize("what", ["pause", "block", "leave the rounds"])
async def test_who_goes_before_the_introduction_is_left_out_and_the_other_is_told(world: World, what: str) -> None:
    """Between settling who takes part and telling them."""
    one, other = await add_members(world, 2)
    await world.app.slots.prepare()
    world.clock.at = EVE.replace(day=7)
    await world.app.slots.run_due()
    match what:
        case "pause":
            change(world, one, status=Status.PAUSED)
        case "block":
            block(world, one, other)
        case _:
            set_left(world, one)
    await world.settle()
    assert list_groups(world) == []
    assert find_seat(world, one).state == (SeatState.LEFT_OVER if what == "block" else SeatState.GONE)
    assert find_seat(world, other).state == SeatState.LEFT_OVER
    assert "今回はご紹介できる方がいませんでした" in text_of(other.inbox[-1])


def set_left(world: World, actor: Actor) -> None:
    """Leaves the rounds, without anything else happening."""
    with world.store.begin() as db:
        db.session.get_one(CoffeeMember, actor.member().id).joined = False


async def test_somebody_who_goes_afterwards_ends_it_neutrally(world: World) -> None:
    one, other = await add_members(world, 2)
    await hold_round(world)
    block(world, one, other)
    await world.settle()
    assert "今回のコーヒー会のご紹介は取りやめになりました" in text_of(other.inbox[-1])
    assert "1月4日（月）" in text_of(other.inbox[-1])
    assert not any("取りやめ" in summary for summary in summaries(one))
    assert list_rows(world.store, CoffeeGroup)[0].ended_at is not None
    await pass_days(world, 27)
    assert (count_questions(one), count_questions(other)) == (0, 0)
    assert find_part(world, other).ignored == 0


async def test_of_a_talk_that_took_place_nothing_is_taken_back(world: World) -> None:
    one, other = await add_members(world, 2)
    await hold_round(world)
    await one.press_action(actions.Answer(1, Met.YES.value))
    change(world, one, status=Status.PAUSED)
    await world.settle()
    assert not any("取りやめ" in summary for summary in summaries(other))


async def test_an_answer_after_the_round_is_taken_and_the_card_says_that_it_is_over(world: World) -> None:
    one, _other = await add_members(world, 2)
    await hold_round(world)
    await pass_days(world, 26)
    await one.press_action(actions.Answer(1, Met.NOT_YET.value))
    assert one.answer is not None or one.home is not None
    assert find_seat(world, one).answer == Met.NOT_YET


@pytest.mark.parametrize(
    ("people", "met", "expected"),
    [(4, 4, (1, None, None)), (6, 4, (1, 6, None)), (6, 6, (1, 6, 6)), (10, 5, (1, 10, 5)), (6, 5, (1, 6, None))],
)
async def test_hr_learns_numbers_of_five_or_more(
    world: World, people: int, met: int, expected: tuple[int, int | None, int | None]
) -> None:
    members = await add_members(world, people)
    await hold_round(world)
    for member in members[:met]:
        await member.press_action(actions.Answer(find_seat(world, member).group_id or 0, Met.YES.value))
    with world.store.begin() as db:
        assert count_rounds(db, EVE, world.clock.now().replace(year=2027)) == expected
        assert count_rounds(db, EVE.replace(year=2025), EVE) == (0, None, None)
