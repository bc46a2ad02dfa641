"""HR's form of an event: what it holds, what can't be taken, and how it looks."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.dates import get_zone, is_zone
from bot.i18n import _
from bot.incoming import FormValues
from bot.recurrence import resolve
from bot.ui import DateInput, Form, FormItem, Option, Select, TextInput
from handlers.events import actions
from handlers.events.rules import Details
from handlers.links import is_link
from handlers.moments import say_place
from storage.models import Event

TITLE, TEXT, PLACE, LINK = 100, 2000, 150, 500
LARGEST = 10_000
_FARTHEST = timedelta(days=730)
_LATE = time(6)
"""An event may end after midnight, until then."""

_ZONES = (
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Detroit",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Australia/Sydney",
)
"""Where the events of a Japanese company are held, by experience; the community's and HR's own zones come first."""


def _blank() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Entered:
    """What the form holds, by field, as text."""

    values: dict[str, str] = field(default_factory=_blank)

    @classmethod
    def of(cls, event: Event) -> "Entered":
        """Filled in with an event as it is."""
        zone = get_zone(event.zone)
        starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
        by = (event.answer_by - timedelta(minutes=1)).astimezone(zone).date().isoformat() if event.answer_by else ""
        return cls(
            {
                "title_ja": event.title_ja,
                "title_en": event.title_en,
                "text_ja": event.text_ja,
                "text_en": event.text_en,
                "day": starts.date().isoformat(),
                "starts": f"{starts:%H:%M}",
                "ends": f"{ends:%H:%M}",
                "zone": event.zone,
                "place": event.place,
                "link": event.link,
                "capacity": str(event.capacity) if event.capacity else "",
                "answer_by": by,
            }
        )

    @classmethod
    def read(cls, values: FormValues) -> "Entered":
        """As it was sent off."""
        return cls({name: values.text(name) for name in FIELDS})

    def get(self, name: str) -> str:
        """What one field holds."""
        return self.values.get(name, "")


FIELDS = (
    "title_ja",
    "title_en",
    "text_ja",
    "text_en",
    "day",
    "starts",
    "ends",
    "zone",
    "place",
    "link",
    "capacity",
    "answer_by",
)


def check(entered: Entered, now: datetime, taken: int) -> tuple[Details | None, dict[str, str]]:
    """What was entered as details, or a sentence for each field that can't be taken. `taken` is how many seats somebody
    has already."""
    errors: dict[str, str] = {}
    _check_texts(entered, errors)
    zone = entered.get("zone")
    starts_at, ends_at = _read_times(entered, errors)
    if starts_at is not None and not errors.keys() & {"day", "starts"}:
        _check_start(starts_at, now, errors)
    answer_by = _read_deadline(entered, starts_at, now, errors)
    _check_place(entered, errors)
    capacity = _read_capacity(entered.get("capacity"), taken, errors)
    if errors or starts_at is None or ends_at is None:
        return None, errors
    titles = {"ja": entered.get("title_ja"), "en": entered.get("title_en")}
    texts = {"ja": entered.get("text_ja"), "en": entered.get("text_en")}
    where = entered.get("place"), entered.get("link")
    return Details(titles, texts, starts_at, ends_at, zone, *where, capacity, answer_by), errors


def _check_texts(entered: Entered, errors: dict[str, str]) -> None:
    if not entered.get("title_ja") and not entered.get("title_en"):
        errors["title_ja"] = _("Please give the event a name, in Japanese, in English or in both.")
    for locale in ("ja", "en"):
        if entered.get(f"text_{locale}") and not entered.get(f"title_{locale}"):
            errors.setdefault(f"title_{locale}", _("There is a text in this language, so it needs a name as well."))
    longest = {"title_ja": TITLE, "title_en": TITLE, "text_ja": TEXT, "text_en": TEXT, "place": PLACE, "link": LINK}
    for name, most in longest.items():
        if len(entered.get(name)) > most:
            errors[name] = too_long(len(entered.get(name)), most)


def too_long(length: int, most: int) -> str:
    """The sentence beside a text that is too long."""
    text = _("These are {length} characters; {most} fit. Please shorten it a little.")
    return text.format(length=f"{length:,}", most=f"{most:,}")


def _read_times(entered: Entered, errors: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    day, zone = _read_day(entered.get("day")), entered.get("zone")
    starts, ends = _read_clock(entered.get("starts")), _read_clock(entered.get("ends"))
    if not is_zone(zone):
        errors["zone"] = _("Please choose the time zone of the place.")
        return None, None
    if day is None:
        errors["day"] = _("Please choose the day.")
    if starts is None:
        errors["starts"] = _("Please choose when it begins.")
    if ends is None:
        errors["ends"] = _("Please choose when it ends.")
    if day is None or starts is None or ends is None:
        return None, None
    if starts >= ends > _LATE or starts == ends:
        errors["ends"] = _("It would end before it begins. Please choose a later time.")
        return None, None
    last = day + timedelta(days=1) if ends < starts else day
    begins_at = _find_moment(day, starts, zone, "starts", errors)
    return begins_at, _find_moment(last, ends, zone, "ends", errors)


def _find_moment(day: date, clock: time, zone: str, name: str, errors: dict[str, str]) -> datetime | None:
    wall, place = datetime.combine(day, clock), get_zone(zone)
    at = resolve(wall, place)
    if at.astimezone(place).replace(tzinfo=None) != wall:
        text = _("On that day the clocks in {place} are put forward, and {time} doesn't exist. Please choose another.")
        errors[name] = text.format(place=say_place(zone), time=f"{clock:%H:%M}")
    return at


def _check_start(starts_at: datetime, now: datetime, errors: dict[str, str]) -> None:
    if starts_at <= now:
        errors["day"] = _("That is in the past. Please choose a day and time to come.")
    elif starts_at > now + _FARTHEST:
        errors["day"] = _("Please choose a day within the next two years.")


def _read_deadline(
    entered: Entered, starts_at: datetime | None, now: datetime, errors: dict[str, str]
) -> datetime | None:
    """The end of that day, in the event's zone; when it is the day of the event, until it begins."""
    day, zone = _read_day(entered.get("answer_by")), entered.get("zone")
    if not entered.get("answer_by") or starts_at is None:
        return None
    first = starts_at.astimezone(get_zone(zone)).date()
    if day is None or day > first:
        errors["answer_by"] = _("Answers can be asked for up to the day of the event. Please choose an earlier day.")
        return None
    if day == first:
        return None
    by = resolve(datetime.combine(day + timedelta(days=1), time()), get_zone(zone))
    if by <= now:
        errors["answer_by"] = _("That day has passed already. Please choose one to come, or leave it empty.")
    return by


def _check_place(entered: Entered, errors: dict[str, str]) -> None:
    if not entered.get("place") and not entered.get("link"):
        errors["place"] = _("Please say where it is: a place, a link, or both.")
    if entered.get("link") and not is_link(entered.get("link")):
        errors.setdefault("link", _("The link must begin with https:// and have no spaces in it."))


def _read_capacity(text: str, taken: int, errors: dict[str, str]) -> int:
    found = re.fullmatch(r"(\d{1,6})\s*(人|名)?", unicodedata.normalize("NFKC", text))
    if not text:
        return 0
    if found is None or not 1 <= int(found[1]) <= LARGEST:
        errors["capacity"] = _("Please write a number from 1 to 10,000, or leave it empty for no limit.")
        return 0
    if int(found[1]) < taken:
        sentence = _("{n} people have a seat already. Please keep at least {n}, or ask some of them first.")
        errors["capacity"] = sentence.format(n=taken)
    return int(found[1])


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < _LAST_DAY else None


_LAST_DAY = date(9000, 1, 1)
"""After it lies no day that can be counted on from."""


def _read_clock(text: str) -> time | None:
    return time.fromisoformat(text) if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) else None


def event_form(action: actions.Save, entered: Entered, zones: tuple[str, ...]) -> Form:
    """The form; `zones` come first in the list of zones."""
    title = _("Change the event") if action.event else _("A new event")
    submit = _("Save") if action.event else _("Next")
    return Form(title, submit, action, (*_text_fields(entered), *_time_fields(entered, zones), *_more_fields(entered)))


def _text_fields(entered: Entered) -> tuple[FormItem, ...]:
    return (
        TextInput("title_ja", _("Name in Japanese"), entered.get("title_ja"), required=False, max_length=TITLE),
        TextInput("title_en", _("Name in English"), entered.get("title_en"), required=False, max_length=TITLE),
        TextInput(
            "text_ja",
            _("Text in Japanese"),
            entered.get("text_ja"),
            required=False,
            multiline=True,
            max_length=TEXT,
        ),
        TextInput(
            "text_en",
            _("Text in English"),
            entered.get("text_en"),
            hint=_("One language is enough: readers of the other are told which one it is in."),
            required=False,
            multiline=True,
            max_length=TEXT,
        ),
    )


def _time_fields(entered: Entered, zones: tuple[str, ...]) -> tuple[FormItem, ...]:
    starts, ends = entered.get("starts") or "19:00", entered.get("ends") or "21:00"
    names = dict.fromkeys((entered.get("zone"), *zones, *_ZONES))
    places = tuple(Option(name, say_place(name)) for name in names if is_zone(name))
    return (
        DateInput("day", _("Day"), _read_day(entered.get("day"))),
        Select("starts", _("Begins"), _list_clocks(starts), starts),
        Select("ends", _("Ends"), _list_clocks(ends), ends),
        Select(
            "zone",
            _("Time zone"),
            places,
            entered.get("zone") or places[0].value,
            hint=_("Everybody reads the time by their own clock."),
        ),
    )


def _list_clocks(chosen: str) -> tuple[Option, ...]:
    """Every quarter of an hour, and the chosen time where it lies between."""
    clocks = {f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 24 * 60, 15)}
    fitting = {chosen} if _read_clock(chosen) else set[str]()
    return tuple(Option(clock, clock) for clock in sorted(clocks | fitting))


def _more_fields(entered: Entered) -> tuple[FormItem, ...]:
    return (
        TextInput("place", _("Place"), entered.get("place"), required=False, max_length=PLACE),
        TextInput("link", _("Link"), entered.get("link"), example="https://", required=False, max_length=LINK),
        TextInput(
            "capacity",
            _("How many can come"),
            entered.get("capacity"),
            hint=_("Empty: no limit. When it is full, there is a waiting list."),
            required=False,
            max_length=10,
        ),
        DateInput(
            "answer_by",
            _("Last day for answers"),
            _read_day(entered.get("answer_by")),
            hint=_("Empty: until it begins."),
            required=False,
        ),
    )
