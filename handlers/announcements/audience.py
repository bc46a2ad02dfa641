"""For whom: the rule as it is kept, as a query wants it, and as a form asks for it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.i18n import _, ngettext
from bot.incoming import FormValues
from bot.policy import Policy
from bot.ui import Fact, Form, MultiSelect, Option, Para, Select, TextInput
from handlers.announcements.actions import SaveAudience
from handlers.topics import Reader, get_working_reader
from storage.models import Role
from storage.queries import audiences
from storage.queries.audiences import Audience, Named
from storage.queries.topics import fold_topic
from storage.uow import UnitOfWork

_FIRST_YEAR = 1950
_MOST_NAMES = 10
"""Cities or topics in one rule."""
_LONGEST_NAME = 40
_SURE = 0.9
"""How surely a topic must be understood to count."""

Rule = dict[str, Any]


def make_audience(db: UnitOfWork, rule: Rule, policy: Policy) -> Audience:
    """The rule as a query wants it. A topic finds all topics that members wrote and that mean the same or something
    narrower, in either language."""
    return _read(rule, audiences.list_topics(db) if rule.get("topics") else {}, policy)


class Fitting:
    """Rules made ready once, so that many chunks of members can be asked whom each of them fits now."""

    def __init__(self, rules: Sequence[Rule], policy: Policy) -> None:
        self._topics = [tuple(rule.get("topics", ())) for rule in rules]
        self._policy = policy
        self._statement = audiences.make_fitting([_read(rule, {}, policy) for rule in rules])

    def find(self, db: UnitOfWork, member_ids: Sequence[int]) -> list[frozenset[int]]:
        """For each rule those of these members whom it fits, whatever they have agreed to. Two queries at most."""
        found = audiences.list_fitting(db, self._statement, member_ids)
        if not any(self._topics):
            return found
        named = audiences.list_named(db, member_ids)
        return [
            fits & self._list_naming(named, wanted) if wanted else fits
            for fits, wanted in zip(found, self._topics, strict=True)
        ]

    def _list_naming(self, named: Mapping[str, Named], wanted: Sequence[str]) -> set[int]:
        written = {folded: one.label for folded, one in named.items()}
        chosen = find_topics(written, wanted, get_working_reader(self._policy.topics_file))
        return {id for folded in chosen for id in named[folded].by}


def narrows(rule: Rule) -> bool:
    """Whether it leaves out anybody."""
    return any(rule.values())


def _read(rule: Rule, written: Mapping[str, str], policy: Policy) -> Audience:
    topics = tuple(rule.get("topics", ()))
    found = find_topics(written, topics, get_working_reader(policy.topics_file)) if topics else None
    return Audience(
        role=rule.get("role", ""),
        departments=tuple(rule.get("departments", ())),
        left_from=rule.get("left_from", 0),
        left_to=rule.get("left_to", 0),
        cities=tuple(rule.get("cities", ())),
        topics=found,
    )


def find_topics(written: Mapping[str, str], wanted: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """Those of the topics that members wrote (as compared → as written) that are wanted."""
    concepts: set[str] = set()
    for topic in wanted:
        for one in reader.read(topic).found:
            if one.weight >= _SURE:
                concepts |= {one.concept, *reader.vocabulary.descendants.get(one.concept, ())}
    plain = {fold_topic(topic) for topic in wanted}
    return tuple(
        folded
        for folded, label in written.items()
        if folded in plain or concepts.intersection(found.concept for found in reader.read(label).found)
    )


def count_people(number: int) -> str:
    """So many people."""
    return ngettext("{n} person", "{n} people", number).format(n=f"{number:,}")


def describe(rule: Rule) -> tuple[Fact, ...]:
    """The rule in words, one fact for each part."""
    roles = {"": _("Alumni and employees"), Role.ALUMNUS: _("Alumni"), Role.EMPLOYEE: _("Employees")}
    told = (
        (_("For"), roles.get(rule.get("role", ""), "")),
        (_("Department"), _join(rule.get("departments", ()))),
        (_("Left the company"), _say_years(rule.get("left_from", 0), rule.get("left_to", 0))),
        (_("City"), _join(rule.get("cities", ()))),
        (_("Topics"), _join(rule.get("topics", ()))),
    )
    return tuple(Fact(label, (value,)) for label, value in told if value)


def _join(names: Sequence[str]) -> str:
    return _(", ").join(names)


def _say_years(first: int, last: int) -> str:
    if first and last:
        return str(first) if first == last else _("{first} to {last}").format(first=first, last=last)
    if first:
        return _("{first} or later").format(first=first)
    return _("{last} or earlier").format(last=last) if last else ""


def audience_form(id: int, rule: Rule, departments: Sequence[str]) -> Form:
    """The form of [For whom…]."""
    roles = (
        Option("", _("Alumni and employees")),
        Option(Role.ALUMNUS, _("Alumni")),
        Option(Role.EMPLOYEE, _("Employees")),
    )
    some = tuple(dict.fromkeys((*departments, *rule.get("departments", ()))))[: audiences.MOST_DEPARTMENTS]
    shown = tuple(name for name in some if 0 < len(name) <= 75)
    chosen = tuple(name for name in rule.get("departments", ()) if name in shown)
    boxes = (
        MultiSelect(
            "departments",
            _("Department"),
            tuple(Option(name, name) for name in shown),
            chosen,
            hint=_("Of alumni the former one. None chosen: all."),
            at_most=len(shown),
        ),
    )
    return Form(
        _("For whom"),
        _("Save"),
        SaveAudience(id),
        (
            Para((_("It reaches only those who agreed to get such messages, and whom all of this fits."),)),
            Select(
                "role",
                _("For"),
                tuple(Option(one.value or "both", one.label) for one in roles),
                rule.get("role") or "both",
            ),
            *(boxes if shown else ()),
            _year("left_from", _("Left the company in or after"), rule),
            _year("left_to", _("Left the company in or before"), rule),
            _names(
                "cities", _("City"), rule, _("Osaka, Nagoya"), _("Several with commas. Only those who show their city.")
            ),
            _names("topics", _("Topics"), rule, _("batteries"), _("Several with commas; one of them is enough.")),
        ),
    )


def _year(name: str, label: str, rule: Rule) -> TextInput:
    value = str(rule.get(name) or "")
    return TextInput(
        name, label, value, _("A year. Employees are left out then."), "2020", required=False, max_length=4
    )


def _names(name: str, label: str, rule: Rule, example: str, hint: str) -> TextInput:
    return TextInput(name, label, _join(rule.get(name, ())), hint, example, required=False, max_length=300)


def read_form(values: FormValues) -> tuple[Rule, dict[str, str]]:
    """What was entered, and a sentence for each field that can't be taken."""
    errors: dict[str, str] = {}
    role = values.text("role")
    rule: Rule = {
        "role": role if role in (Role.ALUMNUS, Role.EMPLOYEE) else "",
        "departments": list(values.several("departments"))[: audiences.MOST_DEPARTMENTS],
        "left_from": _read_year(values.text("left_from"), "left_from", errors),
        "left_to": _read_year(values.text("left_to"), "left_to", errors),
        "cities": _read_names(values.text("cities"), "cities", errors),
        "topics": _read_names(values.text("topics"), "topics", errors),
    }
    if rule["left_from"] and rule["left_to"] and rule["left_from"] > rule["left_to"]:
        errors["left_to"] = _("The last year is before the first one.")
    return rule, errors


def _read_year(text: str, name: str, errors: dict[str, str]) -> int:
    digits = re.fullmatch(r"(\d{4})年?", text)
    year = int(digits[1]) if digits else 0
    if text and not _FIRST_YEAR <= year <= 2999:
        errors[name] = _("Please write a year, such as 2020.")
        return 0
    return year


def _read_names(text: str, name: str, errors: dict[str, str]) -> list[str]:
    names = [tidy for part in re.split(r"[,、，\n]", text) if (tidy := " ".join(part.split()))]
    if len(names) > _MOST_NAMES or any(len(one) > _LONGEST_NAME for one in names):
        errors[name] = _("Please name at most {most}, each in up to {longest} characters.").format(
            most=_MOST_NAMES, longest=_LONGEST_NAME
        )
    return names[:_MOST_NAMES]
