"""What HR and the named contact press. Rights and stages are looked up when it comes back."""

from bot.i18n import _
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Who
from handlers.answers import out_of_date
from handlers.jobs import actions, closing, feed_desk, flow, forms, people_views, present, views, words, writing
from handlers.jobs.desk import Desk, note
from handlers.jobs.people_views import Person
from handlers.jobs.router import router
from handlers.jobs.rules import LONGEST_WORDS, SHOWN_AFTER, list_steps, tell_too_long
from storage.models import JobEnd, JobState, Member, Stage
from storage.queries import jobs as queries


def show_desk(desk: Desk, page: int = 0, text: str = "") -> people_views.Message:
    """HR's page of jobs."""
    jobs = queries.list_recent(desk.db, desk.now - SHOWN_AFTER)
    size = people_views.JOBS_A_PAGE
    pages = max(1, -(-len(jobs) // size))
    page = min(max(page, 0), pages - 1)
    shown = tuple(jobs[page * size : (page + 1) * size])
    counts = queries.count_stages(desk.db, [job.id or 0 for job in shown])
    feed = queries.get_feed(desk.db)
    made = people_views.DeskPage(shown, counts, page, pages, feed_desk.find_trouble(desk, feed), feed.read_at)
    return people_views.desk(made, text)


@router.button(actions.OpenDesk, who=Who.HR)
def open_desk(pressed: actions.OpenDesk, desk: Desk) -> Reply:
    """[For HR]."""
    return ReplaceMessage(show_desk(desk, pressed.page))


@router.button(actions.ShowPeople, who=Who.HR)
def show_people(pressed: actions.ShowPeople, me: Member, desk: Desk) -> Reply:
    """[People], and through the pages."""
    return ReplaceMessage(present.show_people(desk, me, pressed.job, pressed.page))


@router.button(actions.OpenPeople, who=Who.HR)
def open_people(pressed: actions.OpenPeople, me: Member, desk: Desk) -> Reply:
    """[Who is where], beside the message."""
    return Private(present.show_people(desk, me, pressed.job))


# People


def _find_person(desk: Desk, me: Member, id: int) -> Person | None:
    """Somebody in a job, for HR, or for the contact who is to talk with them."""
    interest = queries.find_interest(desk.db, id)
    if interest is None or not (me.is_hr or interest.handler_id == me.id):
        return None
    return present.describe_person(desk, interest, me)


@router.button(actions.TakeUp, who=Who.EMPLOYEE)
def take_up(pressed: actions.TakeUp, me: Member, desk: Desk) -> Reply:
    """[Talk with them], on the message. Of two who press, the first talks."""
    person = _find_person(desk, me, pressed.interest)
    if person is None:
        return out_of_date()
    is_left = person.interest.stage in queries.ONGOING and person.interest.handler_id is None
    if person.interest.stage != Stage.INTERESTED and not is_left:
        return Private(_tell_standing(person, me))
    room = flow.take_up(desk, person.interest, me)
    note(desk, me, "job.talk", f"job_interest:{pressed.interest}")
    return ReplaceMessage(people_views.taken(person, by_me=True, room=room, is_hr=me.is_hr))


def _tell_standing(person: Person, me: Member) -> people_views.Message:
    if person.interest.stage in queries.ONGOING and person.interest.handler_id != me.id:
        return people_views.taken(person, by_me=False, is_hr=me.is_hr)
    return people_views.stands(person)


@router.button(actions.PassOn, who=Who.EMPLOYEE)
def pass_on(pressed: actions.PassOn, me: Member, desk: Desk) -> Reply:
    """[Leave it to HR]."""
    person = _find_person(desk, me, pressed.interest)
    if person is None or person.interest.handler_id != me.id:
        return out_of_date()
    if person.interest.stage != Stage.INTERESTED:
        return Private(_tell_standing(person, me))
    flow.pass_on(desk, person.interest)
    return ReplaceMessage(people_views.passed_on(person))


@router.button(actions.Move, who=Who.HR)
def move(pressed: actions.Move, me: Member, desk: Desk) -> Reply:
    """A step on. Pressed twice, or by two, it counts once."""
    person = _find_person(desk, me, pressed.interest)
    if person is None or pressed.to not in set(Stage) or Stage(pressed.to) is Stage.CLOSED:
        return out_of_date()
    said = _move(desk, me, person, pressed.seen, Stage(pressed.to))
    return ReplaceMessage(present.show_people(desk, me, pressed.job, pressed.page, said))


def _move(desk: Desk, me: Member, person: Person, seen: str, to: Stage, words_of_hr: str = "") -> str:
    """Moves somebody; what to say of it."""
    interest, name = person.interest, person.name
    if interest.stage != seen or to not in list_steps(interest.stage):
        return _("{name} has been moved meanwhile: {stage}.").format(name=name, stage=words.stage_name(interest.stage))
    if to is Stage.TALKING:
        flow.take_up(desk, interest, me)
    else:
        flow.advance(desk, interest, to, me, words_of_hr)
    note(desk, me, "job.move", f"job_interest:{interest.id}", to.value)
    return _("{name}: {stage}. They have been told.").format(name=name, stage=words.stage_name(to))


@router.button(actions.AskEnd, who=Who.HR)
def ask_end(pressed: actions.AskEnd, me: Member, desk: Desk) -> Reply:
    """[Close…] on somebody."""
    person = _find_person(desk, me, pressed.interest)
    if person is None:
        return out_of_date()
    if person.interest.stage != pressed.seen:
        return Private(people_views.stands(person))
    action = actions.End(pressed.interest, pressed.seen, pressed.job, pressed.page)
    return OpenForm(forms.end_form(action, person.job, person.name))


@router.form(actions.End, who=Who.HR)
def end(form: actions.End, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of it: a kind sentence, and HR's own word below."""
    person = _find_person(desk, me, form.interest)
    if person is None:
        return out_of_date()
    said = values.text("words")
    if len(said) > LONGEST_WORDS:
        shown = forms.end_form(form, person.job, person.name, said)
        return FormErrors(shown, {"words": tell_too_long(LONGEST_WORDS, len(said))})
    told = _move(desk, me, person, form.seen, Stage.CLOSED, said)
    return ReplaceMessage(present.show_people(desk, me, form.job, form.page, told))


# Jobs


@router.button(actions.New, who=Who.HR)
def new(pressed: actions.New, desk: Desk) -> Reply:
    """[Write a job]."""
    return OpenForm(writing.new_form(desk))


@router.button(actions.Edit, who=Who.HR)
def edit(pressed: actions.Edit, desk: Desk) -> Reply:
    """[Change…], [Open again…]."""
    job = queries.find_job(desk.db, pressed.job)
    return OpenForm(writing.edit_form(desk, job)) if job is not None else out_of_date()


@router.form(actions.Save, who=Who.HR)
def save(form: actions.Save, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of a job: saved it is open; a new one goes on to its readers."""
    job = queries.find_job(desk.db, form.job) if form.job else None
    if form.job and job is None:
        return out_of_date()
    return writing.save(desk, me, form, job, values)


@router.button(actions.Announce, who=Who.HR)
def announce(pressed: actions.Announce, me: Member, desk: Desk) -> Reply:
    """[Announce…]: a draft, beside the list. Pressed again it is the same draft."""
    job = queries.find_job(desk.db, pressed.job)
    if job is None:
        return out_of_date()
    return writing.announce(desk, me, job) if job.state == JobState.OPEN else Private(views.closed_job(job))


@router.button(actions.Close, who=Who.HR)
def close(pressed: actions.Close, me: Member, desk: Desk) -> Reply:
    """[Close]: twice is once."""
    job = queries.find_job(desk.db, pressed.job)
    if job is None:
        return out_of_date()
    title = words.title_of(job)
    if job.state != JobState.OPEN:
        return ReplaceMessage(show_desk(desk, pressed.page, _("“{title}” is closed already.").format(title=title)))
    closing.close_job(desk, job, JobEnd.HR)
    note(desk, me, "job.close", f"job:{job.id}")
    told = _("“{title}” is closed. Those who were interested are told.").format(title=title)
    return ReplaceMessage(show_desk(desk, pressed.page, told))


@router.button(actions.AnswerFeed, who=Who.HR)
def answer_feed(pressed: actions.AnswerFeed, me: Member, desk: Desk) -> Reply:
    """[Close them], [Leave them open]."""
    said = feed_desk.answer(desk, pressed.which, yes=bool(pressed.yes))
    if said is None:
        return ReplaceMessage(show_desk(desk, 0, _("The feed has been read again meanwhile. This is how it stands.")))
    note(desk, me, "job.feed", pressed.which, "yes" if pressed.yes else "no")
    return ReplaceMessage(show_desk(desk, 0, said))
