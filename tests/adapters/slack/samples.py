"""Messages and forms to draw, actions to carry, and texts that want to break out."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.actions import Action, action
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    DateInput,
    Divider,
    Fact,
    Facts,
    Form,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    MultiSelect,
    Note,
    Option,
    Para,
    Picture,
    Quote,
    Reader,
    Select,
    TextInput,
    When,
)

JA = Reader("ja", "Asia/Tokyo", {7: "U0MISAKI"})
EN = Reader("en", "Europe/London")
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@action("slacktest.accept")
class Accept(Action):
    """A button's payload."""

    id: int


@action("slacktest.note", opens_form=True)
class WriteNote(Action):
    """A form's payload."""

    text: str


EVERYTHING = Message(
    "佐藤 美咲さんからのお願い",
    (
        Heading("相談のお願いが届きました"),
        Para(("設計2課の", Bold("高橋 翔"), "さんが「電池の量産立ち上げ」について相談したいそうです。")),
        Quote("来春から量産準備の担当になります。\n最初の半年で確かめておくべきことを伺いたいです。"),
        Facts((Fact("時間", ("30分ほど・日本語",)), Fact("ご返事", (When(AT, "date"), "まで")), Fact("場所", ()))),
        Chips(("電池開発", "量産立ち上げ")),
        Picture("https://example.com/map.png", "会場の地図"),
        Divider(),
        Para(
            (
                Mention(7, "佐藤 美咲"),
                "、",
                Mention(8, "田中 健一"),
                "、",
                Link("ご案内", "https://example.com/?a=1&b=2"),
            )
        ),
        Buttons(
            (
                Button("引き受ける", Accept(1), style="primary"),
                Button("今回は難しい", Accept(2)),
                Button("取りやめる", Accept(3), style="danger", confirm="取りやめますか。"),
            )
        ),
        Note(("引き受けました",), tone="done"),
    ),
)

FORM = Form(
    "プロフィール",
    "次へ",
    WriteNote("プロフィール"),
    (
        Heading("あなたについて"),
        Para(("書ける範囲で。",)),
        TextInput("employer", "会社", value="サンプル電池", max_length=80, required=False, hint="なくてもかまいません"),
        TextInput("aim", "伺いたいこと", multiline=True, max_length=300, example="量産の立ち上げ"),
        Select("language", "言葉", (Option("ja", "日本語"), Option("en", "English")), value="ja"),
        MultiSelect("topics", "話題", (Option("1", "電池"), Option("2", "海外")), values=("2", "gone"), at_most=2),
        Checkboxes("consents", "同意", (Option("events", "催しのご案内"), Option("jobs", "求人")), values=("jobs",)),
        DateInput("day", "日", value=date(2026, 12, 1), required=False),
        Divider(),
        Note(("あとで変えられます。",)),
    ),
)

HOSTILE = (
    "<!channel>",
    "<!here|みなさん>",
    "<@U0MISAKI>",
    "<https://evil.example|ここを押す>",
    "*太字* _斜体_ ~取り消し~ `コード` ```\nブロック\n```",
    "> 引用に見える行\n>>> つづき",
    "&lt;!channel&gt; &amp; & < >",
    "\u202e逆さま\u202c",
    "\x00\x1b[31m赤\x07",
    "\ud800",
    "@channel #general https://example.com :tada:",
    "長い" * 3000,
    "a" * 9000,
    "\n" * 4000,
    "   ",
    "",
    "👩‍👩‍👧‍👦が゛",
)

hostile_texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=400),
    st.lists(st.sampled_from([*HOSTILE[:11], " ", "*", "_", "~", "`", ">", "\n", "名前"]), max_size=12).map("".join),
)

_urls = st.sampled_from(["https://example.com", "https://example.com/a?b=<c>|d&e", "mailto:hr@example.com"])
_moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

inlines: st.SearchStrategy[Inline] = st.one_of(
    hostile_texts,
    hostile_texts.map(Bold),
    st.builds(Link, hostile_texts, _urls),
    st.builds(Mention, st.integers(1, 9), hostile_texts),
    st.builds(When, _moments, st.sampled_from(["datetime", "date", "time"])),
)
_contents = st.lists(inlines, max_size=3).map(tuple)
_labels = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=70)
_buttons = st.builds(
    Button,
    _labels,
    st.builds(Accept, st.integers(0, 10**12)),
    st.sampled_from(["default", "primary", "danger"]),
    st.one_of(st.just(""), _labels),
)
blocks: st.SearchStrategy[Block] = st.one_of(
    hostile_texts.map(Heading),
    _contents.map(Para),
    hostile_texts.map(Quote),
    st.lists(st.builds(Fact, hostile_texts, _contents), max_size=3).map(lambda rows: Facts(tuple(rows))),
    st.lists(hostile_texts, max_size=4).map(lambda labels: Chips(tuple(labels))),
    st.builds(Note, _contents, st.sampled_from(["quiet", "done"])),
    st.just(Picture("https://example.com/a.png", "集合写真")),
    st.just(Divider()),
    st.lists(_buttons, max_size=4).map(lambda buttons: Buttons(tuple(buttons))),
)
