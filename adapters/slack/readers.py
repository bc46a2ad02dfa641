"""For whom an answer is drawn. Pure."""

import re

from bot.i18n import find_language
from bot.incoming import Origin
from bot.replies import FormErrors, Nothing, OpenForm, Reply
from bot.ui import Form, Heading, Message, Para, Quote, Reader

_KANA = re.compile("[\u3041-\u30ff]")
_LATIN = re.compile("[A-Za-z]")


def guess_reader(reply: Reply, origin: Origin, zone: str) -> Reader:
    """The reader of an answer, in the language in which it is written: the core chose that by the member, and says so
    unless something failed."""
    locale = reply.locale or guess_language(_words_of(reply)) or find_language(origin.locale) or "en"
    return Reader(locale, zone)


def guess_language(text: str) -> str | None:
    """`ja` for text with more kana than a tenth of its Latin letters, `en` for other words, None for neither."""
    kana, latin = len(_KANA.findall(text)), len(_LATIN.findall(text))
    if not kana and not latin:
        return None
    return "ja" if kana * 10 > latin else "en"


def _words_of(reply: Reply) -> str:
    match reply:
        case Nothing():
            return ""
        case OpenForm(form=form) | FormErrors(form=form):
            return _words_of_form(form)
        case _:
            return _words_of_message(reply.message)


def _words_of_form(form: Form) -> str:
    labels = [field.label for field in form.fields]
    return " ".join([form.title, form.submit, *labels])


def _words_of_message(message: Message) -> str:
    """Our own words: names and quoted lines may be in any language."""
    words = [message.summary]
    for block in message.blocks:
        match block:
            case Heading(text=text):
                words.append(text)
            case Para(content=content):
                words += [piece for piece in content if isinstance(piece, str)]
            case Quote():
                continue
            case _:
                continue
    return " ".join(words)
