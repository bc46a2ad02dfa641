"""What was sent is corrected: at once, or, above the limit above which it needed a second person to be sent, once a
second person has agreed to the new words. Every function here is called while the announcement is held."""

from collections.abc import Callable, Sequence

from bot.i18n import _
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Reply
from handlers.announcements import corrections, forms, notices, rules
from handlers.announcements.actions import Correct, DeclineCorrection
from handlers.announcements.composing import say_gone
from handlers.announcements.desk import Desk, make_batch
from handlers.announcements.jobs import make_contents
from handlers.announcements.pieces import say_title
from handlers.announcements.standing import Correction
from storage.models import Announcement, AnnouncementState, Member
from storage.queries import announcements, batches
from storage.queries.members import get_member
from storage.queries.outbox import Make, Terms, post


def ask_correct(desk: Desk, it: Announcement) -> Reply:
    """[Correct…]."""
    if not rules.find_abilities(it).correct:
        return desk.show(it)
    if problem := _find_problem(desk, it):
        return desk.show(it, problem)
    texts, note = _find_begun(desk, it)
    return OpenForm(forms.words_form(Correct(it.id or 0), texts, note=note))


def _find_problem(desk: Desk, it: Announcement) -> str:
    """Why it can't be corrected."""
    if not desk.is_sendable(it):
        return _("What this is about has been called off, so it can't be corrected. You can withdraw it.")
    if _needs_second_person(desk, it) and not desk.office.list_hr(without=desk.me.id or 0):
        return _(
            "A second person in HR must agree to other words for so many people, and there is nobody else with the "
            "role yet. You can give it to somebody on HR's page. Withdrawing it needs nobody else."
        )
    return ""


def _needs_second_person(desk: Desk, it: Announcement) -> bool:
    return rules.needs_second_person(it, desk.office.policy)


def _find_begun(desk: Desk, it: Announcement) -> tuple[rules.Texts, str]:
    """The words to begin with: those that wait, or mine that came back; and a sentence that says so."""
    for one in announcements.list_corrections(desk.db, it):
        if one.state == AnnouncementState.WAITING:
            name = get_member(desk.db, one.author_id).name
            text = _("These are {name}'s new words, which nobody has agreed to yet. Yours take their place.")
            return one.texts, text.format(name=name)
        if one.author_id == desk.me.id:
            return one.texts, _("These are the new words that you wrote before, and that nobody has agreed to.")
    return it.texts, ""


def correct(desk: Desk, it: Announcement, values: FormValues) -> Reply:
    """The form of [Correct…]."""
    if not rules.find_abilities(it).correct:
        return desk.show(it)
    texts, problems = rules.read_texts(forms.read_words(values))
    if problems:
        return FormErrors(forms.words_form(Correct(it.id or 0), texts), forms.say(problems))
    if problem := _find_problem(desk, it):
        return FormErrors(forms.words_form(Correct(it.id or 0), texts), {"title_ja": problem})
    if texts == it.texts:
        return desk.show(it, _("Nothing was changed."))
    if _needs_second_person(desk, it):
        return _propose(desk, it, texts)
    _make(desk, it, texts, desk.me)
    desk.note("correct", it, str(it.edition))
    return desk.show(it, _say_made())


def _say_made() -> str:
    return _("Corrected. Where the platform allows it, the new words stand in the old ones' place; mails stay.")


def _make(desk: Desk, it: Announcement, texts: rules.Texts, by: Member) -> None:
    """What waits gets the new words, what was sent is changed where it stands."""
    it.texts, it.changed_at, it.edition = texts, desk.now, it.edition + 1
    it.replacing, it.replace_cursor = "correct", 0
    for variant, content_id in make_contents(desk.office, it).items():
        batches.give_content(desk.db, make_batch(it), variant, content_id)
    _overtake(desk, it, announcements.list_corrections(desk.db, it))  # they were made for words that are gone now
    name, known = by.name, (desk.me.id, by.id)
    desk.office.tell_both(it, f"corrected:{it.edition}", lambda: notices.corrected_by(it, name), known)


# The second person


def _propose(desk: Desk, it: Announcement, texts: rules.Texts) -> Reply:
    """Everybody else in HR is asked. Sent off twice it counts once; another one takes the place of what waited."""
    before = announcements.list_corrections(desk.db, it)
    if any(one.state == AnnouncementState.WAITING and one.texts == texts for one in before):
        return desk.show(it)
    mine_or_waiting = [one for one in before if one.state == AnnouncementState.WAITING or one.author_id == desk.me.id]
    _overtake(desk, it, mine_or_waiting)
    made = announcements.add_correction(desk.db, it, desk.me.id or 0, texts, desk.now)
    it.changed_at = desk.now
    desk.note("ask_to_correct", it, str(made.id))
    shown = Correction(made.id or 0, desk.me.name, texts)
    for other in desk.office.list_hr(without=desk.me.id or 0):
        desk.office.tell(other, f"{it.id}:correct:{made.id}", lambda: corrections.ask_to_agree(it, shown))
    return desk.show(it, _("Everybody else in HR has been asked to agree; one is enough."))


def _overtake(desk: Desk, it: Announcement, some: Sequence[Announcement]) -> None:
    """Other words have taken their place."""
    _close(desk, it, some, "overtaken", lambda: corrections.overtaken(it, desk.me.name))


def _close(desk: Desk, it: Announcement, some: Sequence[Announcement], what: str, make: Make) -> None:
    """They are over; whose correction was just being asked about is told."""
    for one in some:
        if one.state == AnnouncementState.WAITING:
            _tell_author(desk, it, one, what, make)
        one.state = AnnouncementState.WITHDRAWN


def _find(desk: Desk, it: Announcement, id: int) -> Announcement | None:
    """The correction that a button is about, while it waits and can be made."""
    found = announcements.find_waiting(desk.db, it) if rules.find_abilities(it).correct else None
    return found if found is not None and found.id == id else None


def agree(desk: Desk, it: Announcement, id: int) -> Reply:
    """[Agree to the new words]. Pressed again, late, or by the author, it says how things stand and changes nothing."""
    found = _find(desk, it, id)
    if found is None:
        return desk.show(it)
    if found.author_id == desk.me.id:
        return desk.show(it, _("Somebody else in HR must agree: you wrote it."))
    author = get_member(desk.db, found.author_id)
    if not rules.is_hr(author):
        why = _("{name} does not have the HR role any more.").format(name=author.name)
        return _call_off(desk, it, found, lambda: why)
    if not desk.is_sendable(it):
        return _call_off(desk, it, found, lambda: say_gone(it))
    found.state, found.approver_id, found.done_at = AnnouncementState.SENT, desk.me.id, desk.now
    _make(desk, it, found.texts, author)
    desk.note("agree_to_correction", it, str(id))
    _tell_author(desk, it, found, "agreed", lambda: corrections.agreed(it, desk.me.name))
    return desk.show(it, _say_made())


def ask_decline(desk: Desk, it: Announcement, id: int) -> Reply:
    """[Not like this…]."""
    found = _find(desk, it, id)
    if found is None or found.author_id == desk.me.id:
        return desk.show(it)
    return OpenForm(forms.decline_form(DeclineCorrection(it.id or 0, id), say_title(it)))


def decline(desk: Desk, it: Announcement, id: int, reason: str) -> Reply:
    """The form of [Not like this…]: the old words stay, and the author reads why."""
    found = _find(desk, it, id)
    if found is None or found.author_id == desk.me.id:
        return desk.show(it)
    if not reason:
        form = forms.decline_form(DeclineCorrection(it.id or 0, id), say_title(it))
        return FormErrors(form, {forms.REASON: _("Please say what should change.")})
    found.state = AnnouncementState.DRAFT
    desk.note("decline_correction", it, str(id))
    _tell_author(desk, it, found, "declined", lambda: corrections.declined(it, desk.me.name, reason))
    return desk.show(it, _("The author has been told."))


def take_back(desk: Desk, it: Announcement, id: int) -> Reply:
    """[Take the new words back]: anybody in HR may, as anybody may undo a sending."""
    found = _find(desk, it, id)
    if found is None:
        return desk.show(it)
    found.state = AnnouncementState.DRAFT
    desk.note("take_correction_back", it, str(id))
    _tell_author(desk, it, found, "taken_back", lambda: corrections.taken_back(it, desk.me.name))
    return desk.show(it, _("Taken back. The old words stay."))


def call_off(desk: Desk, it: Announcement) -> None:
    """The announcement was withdrawn: there is nothing left to correct."""
    some = announcements.list_corrections(desk.db, it)
    _close(desk, it, some, "not_needed", lambda: corrections.not_needed(it))


def send_words(desk: Desk, it: Announcement, id: int) -> Reply:
    """[Old and new words as a file]."""
    found = _find(desk, it, id)
    if found is None:
        return desk.show(it)
    shown = Correction(id, "", found.texts)
    key = f"announce:words:{id}:{desk.me.id}:{desk.now:%Y%m%d%H%M%S}"
    post(desk.db, desk.me, lambda: corrections.words_as_file(it, shown), Terms(key, desk.now))
    return desk.show(it, _("We have sent you the file as a message."))


def _call_off(desk: Desk, it: Announcement, found: Announcement, say: Callable[[], str]) -> Reply:
    """Agreed to, but not made: everybody in HR reads why."""
    found.state = AnnouncementState.WITHDRAWN
    for member in desk.office.list_hr():
        desk.office.tell(member, f"{it.id}:not_made:{found.id}", lambda: corrections.not_made(it, say()))
    return desk.show(it)


def _tell_author(desk: Desk, it: Announcement, correction: Announcement, what: str, make: Make) -> None:
    """What another person did with somebody's correction."""
    author = get_member(desk.db, correction.author_id)
    if author.id != desk.me.id and rules.is_hr(author):
        desk.office.tell(author, f"{it.id}:{what}:{correction.id}", make)
