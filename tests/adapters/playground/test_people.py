"""The invented community is whole, believable, and nobody's real address is in it."""

import re
from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.playground.people import COMPANY_DOMAIN, Resident, load_people

TODAY = date(2026, 11, 21)
PEOPLE = load_people(TODAY)


def test_sixty_people_in_four_roles() -> None:
    assert Counter(person.role for person in PEOPLE) == {"alumnus": 40, "employee": 14, "hr": 3, "leaver": 3}


@pytest.mark.parametrize("field", ["id", "name", "email", "employee_number"])
def test_nobody_shares_what_tells_people_apart(field: str) -> None:
    values = [getattr(person, field) for person in PEOPLE]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
class TestEverybody:
    def test_lives_in_a_zone_that_exists(self, person: Resident) -> None:
        assert ZoneInfo(person.zone).key == person.zone

    def test_has_an_address_that_can_reach_nobody(self, person: Resident) -> None:
        domain = person.email.partition("@")[2]
        works_here = person.role in ("employee", "hr")
        assert domain == COMPANY_DOMAIN if works_here else domain in ("example.com", "example.jp")

    def test_has_a_reading_in_kana(self, person: Resident) -> None:
        assert re.fullmatch(r"[ぁ-んァ-ヶー ]+", person.kana)

    def test_joined_before_leaving(self, person: Resident) -> None:
        assert person.left_on is None or person.joined_on < person.left_on

    def test_has_left_only_if_not_working_here(self, person: Resident) -> None:
        assert (person.left_on is None) == (person.role in ("employee", "hr"))

    def test_has_a_number_of_the_year_of_joining(self, person: Resident) -> None:
        assert re.fullmatch(r"\d{6}", person.employee_number)
        assert int(person.employee_number[:3]) == person.joined_on.year - 1900

    def test_can_be_named_in_an_address_bar(self, person: Resident) -> None:
        assert re.fullmatch(r"[a-z]+-[a-z]+", person.id)

    def test_has_a_life(self, person: Resident) -> None:
        assert person.department
        assert person.city
        assert 1 <= len(person.topics) <= 5
        assert person.role == "leaver" or (person.latest_news and person.job)

    def test_offers_what_the_product_allows(self, person: Resident) -> None:
        assert 0 <= person.capacity <= 3
        assert person.role == "alumnus" or person.capacity == 0


def test_some_live_abroad_and_some_write_english() -> None:
    assert len({person.zone for person in PEOPLE}) >= 8
    assert sum(person.language == "en" for person in PEOPLE) >= 8


def test_some_are_quiet_and_some_take_nobody_at_present() -> None:
    assert any(person.quiet for person in PEOPLE)
    assert any(person.role == "alumnus" and person.capacity == 0 for person in PEOPLE)


def test_the_featured_ones_show_every_role() -> None:
    featured = [person for person in PEOPLE if person.featured]
    assert {person.role for person in featured} == {"alumnus", "employee", "hr", "leaver"}
    assert 6 <= len(featured) <= 8


def test_batteries_have_somebody_to_ask_about() -> None:
    batteries = {"電池開発", "Battery development"}
    assert sum(bool(batteries & set(person.topics)) and person.capacity > 0 for person in PEOPLE) >= 5


def test_leavers_leave_around_the_day_the_workspace_opens() -> None:
    later = {person.id: person for person in load_people(TODAY + timedelta(days=400))}
    for person in PEOPLE:
        moved = timedelta(days=400) if person.role == "leaver" else timedelta()
        assert later[person.id].left_on == (person.left_on + moved if person.left_on else None)


def test_one_leaver_has_left_and_one_is_about_to() -> None:
    left = [person.left_on for person in PEOPLE if person.role == "leaver" and person.left_on]
    assert min(left) < TODAY < max(left)
