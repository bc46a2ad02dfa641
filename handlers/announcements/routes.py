"""Announcements' commands, buttons and forms. All of it is for HR, whatever a button said when it was shown."""

from bot.i18n import _
from bot.incoming import Command, FormValues
from bot.replies import OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router, Who
from handlers.announcements import actions, composing, correcting, forms, reports, sending
from handlers.announcements.desk import Desk

router = Router()


@router.command(
    "announce", words=("announce", "お知らせ"), who=Who.HR, about=lambda: _("Write news, and see what became of it")
)
def show_list(command: Command, desk: Desk) -> Reply:
    """`/announce`."""
    return Private(desk.list_page())


@router.button(actions.OpenList, who=Who.HR)
def open_list(pressed: actions.OpenList, desk: Desk) -> Reply:
    """[Announcements] on HR's page."""
    return Private(desk.list_page())


@router.button(actions.Back, who=Who.HR)
def go_back(pressed: actions.Back, desk: Desk) -> Reply:
    """[All announcements]."""
    return ReplaceMessage(desk.list_page())


@router.button(actions.AskNews, who=Who.HR)
def ask_news(pressed: actions.AskNews, desk: Desk) -> Reply:
    """[News…]."""
    return OpenForm(forms.words_form(actions.SaveNews(0), {}))


@router.button(actions.AskEdit, who=Who.HR)
def ask_edit(pressed: actions.AskEdit, desk: Desk) -> Reply:
    """[Edit…]."""
    return desk.with_draft(pressed.id, lambda it: composing.ask_words(desk, it))


@router.form(actions.SaveNews, who=Who.HR)
def save(form: actions.SaveNews, values: FormValues, desk: Desk) -> Reply:
    """The form with the words."""
    return composing.save(desk, form.id, values)


@router.button(actions.Open, who=Who.HR)
def show(pressed: actions.Open, desk: Desk) -> Reply:
    """[Continue], [Refresh], [Show]."""
    return desk.with_any(pressed.id, desk.show)


@router.button(actions.OpenBeside, who=Who.HR)
def show_beside(pressed: actions.OpenBeside, desk: Desk) -> Reply:
    """The same, beside a message that is to stay."""
    return desk.with_any(pressed.id, lambda it: Private(desk.draw_page(it)))


@router.button(actions.ThrowAway, who=Who.HR)
def throw_away(pressed: actions.ThrowAway, desk: Desk) -> Reply:
    """[Throw away]."""
    return desk.with_draft(pressed.id, lambda it: composing.throw_away(desk, it))


@router.button(actions.AskAudience, who=Who.HR)
def ask_audience(pressed: actions.AskAudience, desk: Desk) -> Reply:
    """[For whom…]."""
    return desk.with_draft(pressed.id, lambda it: composing.ask_audience(desk, it))


@router.form(actions.SaveAudience, who=Who.HR)
def save_audience(form: actions.SaveAudience, values: FormValues, desk: Desk) -> Reply:
    """The form of [For whom…]."""
    return desk.with_draft(form.id, lambda it: composing.save_audience(desk, it, values))


@router.button(actions.Preview, who=Who.HR)
def preview(pressed: actions.Preview, desk: Desk) -> Reply:
    """[Preview]."""
    return desk.with_draft(pressed.id, lambda it: composing.preview(desk, it))


@router.button(actions.SendToMe, who=Who.HR)
def send_to_me(pressed: actions.SendToMe, desk: Desk) -> Reply:
    """[Send to me]."""
    return desk.with_draft(pressed.id, lambda it: composing.send_to_me(desk, it))


@router.button(actions.AskSend, who=Who.HR)
def ask_send(pressed: actions.AskSend, desk: Desk) -> Reply:
    """[Send…]."""
    return desk.with_draft(pressed.id, lambda it: sending.ask_send(desk, it))


@router.form(actions.Send, who=Who.HR)
def send(form: actions.Send, values: FormValues, desk: Desk) -> Reply:
    """The form of [Send…]."""
    return desk.with_draft(form.id, lambda it: sending.send(desk, it, values))


@router.button(actions.Agree, who=Who.HR)
def agree(pressed: actions.Agree, desk: Desk) -> Reply:
    """[Agree]."""
    return desk.with_any(pressed.id, lambda it: sending.agree(desk, it, pressed.asked))


@router.button(actions.AskDecline, who=Who.HR)
def ask_decline(pressed: actions.AskDecline, desk: Desk) -> Reply:
    """[Not like this…]."""
    return desk.with_any(pressed.id, lambda it: sending.ask_decline(desk, it, pressed.asked))


@router.form(actions.Decline, who=Who.HR)
def decline(form: actions.Decline, values: FormValues, desk: Desk) -> Reply:
    """The form of [Not like this…]."""
    return desk.with_any(form.id, lambda it: sending.decline(desk, it, form.asked, values.text(forms.REASON)))


@router.button(actions.Undo, who=Who.HR)
def undo(pressed: actions.Undo, desk: Desk) -> Reply:
    """[Undo], [Take back]."""
    return desk.with_any(pressed.id, lambda it: sending.undo(desk, it))


@router.button(actions.Stop, who=Who.HR)
def stop(pressed: actions.Stop, desk: Desk) -> Reply:
    """[Stop]."""
    return desk.with_any(pressed.id, lambda it: reports.stop(desk, it))


@router.button(actions.Withdraw, who=Who.HR)
def withdraw(pressed: actions.Withdraw, desk: Desk) -> Reply:
    """[Withdraw]."""
    return desk.with_any(pressed.id, lambda it: reports.withdraw(desk, it))


@router.button(actions.AskCorrect, who=Who.HR)
def ask_correct(pressed: actions.AskCorrect, desk: Desk) -> Reply:
    """[Correct…]."""
    return desk.with_any(pressed.id, lambda it: correcting.ask_correct(desk, it))


@router.form(actions.Correct, who=Who.HR)
def correct(form: actions.Correct, values: FormValues, desk: Desk) -> Reply:
    """The form of [Correct…]."""
    return desk.with_any(form.id, lambda it: correcting.correct(desk, it, values))


@router.button(actions.AgreeToCorrection, who=Who.HR)
def agree_to_correction(pressed: actions.AgreeToCorrection, desk: Desk) -> Reply:
    """[Agree to the new words]."""
    return desk.with_any(pressed.id, lambda it: correcting.agree(desk, it, pressed.correction))


@router.button(actions.AskDeclineCorrection, who=Who.HR)
def ask_decline_correction(pressed: actions.AskDeclineCorrection, desk: Desk) -> Reply:
    """[Not like this…] on a correction."""
    return desk.with_any(pressed.id, lambda it: correcting.ask_decline(desk, it, pressed.correction))


@router.form(actions.DeclineCorrection, who=Who.HR)
def decline_correction(form: actions.DeclineCorrection, values: FormValues, desk: Desk) -> Reply:
    """The form of [Not like this…]."""
    reason = values.text(forms.REASON)
    return desk.with_any(form.id, lambda it: correcting.decline(desk, it, form.correction, reason))


@router.button(actions.TakeCorrectionBack, who=Who.HR)
def take_correction_back(pressed: actions.TakeCorrectionBack, desk: Desk) -> Reply:
    """[Take the new words back]."""
    return desk.with_any(pressed.id, lambda it: correcting.take_back(desk, it, pressed.correction))


@router.button(actions.SendWords, who=Who.HR)
def send_words(pressed: actions.SendWords, desk: Desk) -> Reply:
    """[Old and new words as a file]."""
    return desk.with_any(pressed.id, lambda it: correcting.send_words(desk, it, pressed.correction))


@router.button(actions.SendAgain, who=Who.HR)
def send_again(pressed: actions.SendAgain, desk: Desk) -> Reply:
    """[Resend to the failed]."""
    return desk.with_any(pressed.id, lambda it: reports.send_again(desk, it))


@router.button(actions.SendUncertain, who=Who.HR)
def send_uncertain(pressed: actions.SendUncertain, desk: Desk) -> Reply:
    """[Resend to the uncertain]."""
    return desk.with_any(pressed.id, lambda it: reports.send_uncertain(desk, it))


@router.button(actions.SendFile, who=Who.HR)
def send_file(pressed: actions.SendFile, desk: Desk) -> Reply:
    """[As a file]."""
    return desk.with_any(pressed.id, lambda it: reports.send_file(desk, it))
