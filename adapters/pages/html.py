"""A page as HTML: no script, readable on a phone, in the dark, and by a screen reader. Pure; all text is escaped."""

import html
from collections.abc import Iterable, Sequence

from bot.pages import Choice, Page, PagePart
from bot.ui import Block, Bold, Facts, Heading, Inline, Link, Mention, Note, Para, Quote, When

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #55606e; --ground: #f5f3ee; --card: #fff; --line: #d9d5cb;
 --tie: #27446e; --on-tie: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --soft: #aab2bd; --ground: #14181e; --card: #1d232b;
 --line: #39424e; --tie: #9dbbe6; --on-tie: #10151b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.25rem 1rem 3rem; background: var(--ground); color: var(--ink);
 font: 1rem/1.75 system-ui, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif;
 overflow-wrap: anywhere; }
main { max-width: 40rem; margin: 0 auto; display: grid; gap: 1.25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px;
 padding: 1.25rem 1.25rem 1.5rem; }
h1, h2 { font-size: 1.3rem; line-height: 1.4; margin: 0 0 .5rem; }
p { margin: .75rem 0; white-space: pre-line; }
blockquote { margin: .75rem 0; padding: .25rem 0 .25rem .9rem; border-left: 3px solid var(--tie);
 white-space: pre-line; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
.note { color: var(--soft); font-size: .92rem; }
a { color: var(--tie); }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.1rem; }
button { font: inherit; font-weight: 600; min-height: 2.9rem; padding: .45rem 1.2rem; border-radius: 10px;
 cursor: pointer; border: 1.5px solid var(--tie); background: transparent; color: var(--tie); }
button.primary { background: var(--tie); color: var(--on-tie); }
:focus-visible { outline: 3px solid var(--tie); outline-offset: 3px; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
 button { width: 100%; } }
"""


def draw_page(page: Page) -> str:
    """The whole page, the first language on top."""
    return _frame(page.parts[0].title, page.parts[0].locale, (_part(part) for part in page.parts))


def draw_sentence(said: Sequence[tuple[str, str]]) -> str:
    """A page with a sentence in each language."""
    parts = (f'<section lang="{locale}"><p>{_text(sentence)}</p></section>' for locale, sentence in said)
    return _frame("Musubi", said[0][0], parts)


def _frame(title: str, locale: str, parts: Iterable[str]) -> str:
    return (
        f'<!doctype html>\n<html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _part(part: PagePart) -> str:
    blocks = "".join(_block(block) for block in part.blocks)
    buttons = "".join(_button(choice) for choice in part.choices)
    form = f'<form method="post">{buttons}</form>' if buttons else ""
    return f'<section lang="{part.locale}"><h1>{_text(part.title)}</h1>{blocks}{form}</section>'


def _button(choice: Choice) -> str:
    style = ' class="primary"' if choice.style == "primary" else ""
    return f'<button name="choice" value="{_text(choice.name)}"{style}>{_text(choice.label)}</button>'


def _block(block: Block) -> str:
    """The blocks that make sense where nobody has an account; the others are left out by whoever makes the page."""
    match block:
        case Heading(text=text):
            return f"<h2>{_text(text)}</h2>"
        case Para(content=content):
            return f"<p>{_inline(content)}</p>"
        case Note(content=content):
            return f'<p class="note">{_inline(content)}</p>'
        case Quote(text=text):
            return f"<blockquote>{_text(text)}</blockquote>"
        case Facts(rows=rows):
            facts = "".join(f"<dt>{_text(row.label)}</dt><dd>{_inline(row.value)}</dd>" for row in rows)
            return f"<dl>{facts}</dl>"
        case _:
            raise ValueError(f"a page can't show {block.kind}")


def _inline(content: Sequence[Inline]) -> str:
    return "".join(_piece(piece) for piece in content)


def _piece(piece: Inline) -> str:
    match piece:
        case str():
            return _text(piece)
        case Bold(text=text):
            return f"<strong>{_text(text)}</strong>"
        case Mention(name=name):
            return f"<strong>{_text(name)}</strong>"
        case Link(label=label, url=url):
            if not url.startswith(("https://", "mailto:")):
                return _text(label)
            return f'<a href="{_text(url)}" rel="noopener noreferrer">{_text(label)}</a>'
        case When():
            raise ValueError("a page shows days, not moments: nobody knows the reader's zone")


def _text(text: str) -> str:
    return html.escape(text)
