"""Words of a text as they are compared where the letters differ: Sudachi's normalised forms of the Japanese (打合せ is
打ち合わせ, マネジャー is マネージャー), stems of the English, without the words that only hold a sentence together.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from handlers.topics.folding import Kind, Text, Unit


def make_set(text: str) -> frozenset[str]:
    """The words of a text: long lists read better so."""
    return frozenset(text.split())


_EMPTY_KINDS = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白", "連体詞", "代名詞", "接続詞", "感動詞"})
_EMPTY_JAPANESE = frozenset(
    {"為る", "居る", "有る", "成る", "遣る", "出来る", "下さる", "頂く", "貰う", "呉れる", "御", "等"}
)
_EMPTY_ENGLISH = make_set(
    """a an and as at be been being by can could do doing did done for from had has have having how i in into is it its
    me my of on or our that the their them they this to was we were what when where which while who will with would you
    your about after also any but if so some than then there through up out does one need want like get"""
)
FAINT = make_set(
    """方 事 物 時 為 人 者 上 中 前 後 際 点 場合 他 内 的 性 化 度 回 年 月 日 目 行く 来る 見る 言う 思う 知る
    聞く 聴く 話す 話 教える 伺う 相談 考える 始める 始め 進める 進め 続ける 決める 目指す 移る 任す 任せる 持つ
    取る 使う 作る 増やす 減らす 上げる 下げる 変える 変わる 受ける 付ける 付く 入る 出る 掛かる 悩む 迷う 困る
    どう 何 何故 良い 多い 少ない 新しい 初めて 今後 現在 今 元 経験 経験者 仕事 業務 担当 対応 方法 仕方 遣り方
    こつ 準備 取得 検討 予定 必要 可能 実際 様々 色々 自分 自身 会社 社内 現場 働く 興味 関心 質問 アドバイス
    意見 ポイント 注意 問題 課題 悩み 不安 make mak take tak give giv go going come com set use us work job deal
    start begin try keep know tell talk think ask help learn way thing good best bet new first next back more
    most much many old year month day time people person experienc question advic tip idea interest look find
    need want like able become becom mov move run career company compani now former ex mor should shall may
    might must let each other another per via etc into over under between before while during without within
    toward against well also just only really very too here why"""
)
"""Words that say something only inside a name (働き方, job change): alone they count for less."""
_LINKS = frozenset({"of", "for", "in", "to", "into", "at", "on", "from", "by"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word that says something. `clause` counts the signs before it that no name goes across; `linked` says that
    a preposition stands right before it ("development *of* batteries")."""

    key: str
    start: int
    end: int
    clause: int
    latin: bool
    linked: bool = False


class _Local(threading.local):
    """Sudachi's tokenizer belongs to one thread; the dictionary behind it is shared."""

    tokenizer: Any = None


_local = _Local()
_loading = threading.Lock()


@cache
def _load_dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")


def _get_tokenizer() -> Any:
    if _local.tokenizer is None:
        from sudachipy import SplitMode

        with _loading:
            _local.tokenizer = _load_dictionary().tokenizer(mode=SplitMode.A)
    return _local.tokenizer


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A Japanese word as the dictionary knows it; `start` and `end` are places in the text."""

    key: str
    start: int
    end: int
    empty: bool


def split_japanese(piece: str, offset: int = 0) -> list[Morpheme]:
    """The shortest units (mode A) of a piece of Japanese that begins at `offset`. Safe in threads."""
    return [
        Morpheme(
            (key := str(morpheme.normalized_form()).casefold()),
            offset + morpheme.begin(),
            offset + morpheme.end(),
            _is_empty_kind(morpheme.part_of_speech_id()) or key in _EMPTY_JAPANESE,
        )
        for morpheme in _get_tokenizer().tokenize(piece)
    ]


@cache
def _is_empty_kind(id: int) -> bool:
    """Whether words of this part of speech only hold a sentence together."""
    return _load_dictionary().pos_of(id)[0] in _EMPTY_KINDS


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, and the places where a Japanese word begins or ends."""

    words: tuple[Word, ...]
    borders: frozenset[int]


def split_words(text: Text, units: list[Unit]) -> Words:
    """The words that say something, in order."""
    words: list[Word] = []
    borders: set[int] = set()
    clause, linked = 0, False
    for run in _runs(units):
        first = run[0]
        if first.kind is Kind.BREAK:
            clause, linked = clause + 1, False
        elif first.kind is Kind.LATIN:
            if not is_empty_english(first.key, text.plain[first.start : first.end]):
                words.append(Word(strong_stem(first.key), first.start, first.end, clause, latin=True, linked=linked))
            linked = first.key in _LINKS
        else:
            start, end = first.start, run[-1].end
            morphemes = split_japanese(text.folded[start:end], start)
            borders.update(place for one in morphemes for place in (one.start, one.end))
            words += [Word(one.key, one.start, one.end, clause, latin=False) for one in morphemes if not one.empty]
            linked = False
    return Words(tuple(words), frozenset(borders))


def is_empty_english(key: str, written: str) -> bool:
    """Whether an English word says nothing. In capitals it may be an abbreviation: IT is not it."""
    return key in _EMPTY_ENGLISH and not (written.isupper() and len(written) > 1)


def _runs(units: list[Unit]) -> Iterator[list[Unit]]:
    """Single Latin words and breaks; Japanese letters together as far as they stand together."""
    run: list[Unit] = []
    for unit in units:
        if run and not (unit.is_japanese and unit.joined and run[-1].is_japanese):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


_KEPT_WHOLE = make_set(
    """marketing training accounting production building banking housing learning clothing printing meeting evening
    customer consumer computer partner number power order border paper water career center member letter matter sector
    director factor doctor investor operation station nation vision mission pension union region version section option
    nutrition question position condition session fashion profession billion million action fraction transition portion
    element document payment apartment department moment investment environment instrument thing ring king spring string
    engineering user"""
)
_ENDINGS = (
    (re.compile(r"izations?$"), "iz"),
    (re.compile(r"ations?$"), "at"),
    (re.compile(r"itions?$"), "it"),
    (re.compile(r"(?<=[a-z]{4})ments?$"), ""),
    (re.compile(r"(?<=[a-z]{4})ions?$"), ""),
    (re.compile(r"(?<=[a-z]{3})ing$"), ""),
    (re.compile(r"(?<=[a-z]{3})ed$"), ""),
    (re.compile(r"(?<=[a-z]{4})[eo]r$"), ""),
)


@lru_cache(maxsize=20_000)
def strong_stem(word: str) -> str:
    """The stem that managing, manager and management share. Words that would fall together with another are kept:
    a product is not production."""
    if word in _KEPT_WHOLE or len(word) < 5 or not word.isascii():
        return word
    for pattern, other in _ENDINGS:
        if (shorter := pattern.sub(other, word)) != word:
            return f"{shorter}e" if _LOST_E.fullmatch(shorter) else _tidy(shorter)
    return _tidy(word)


_LOST_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
"""What is left of hiring, making, coded: the four letters are put together again."""


def _tidy(shorter: str) -> str:
    """planned → plann → plan; manage → manag; policy and policies end alike."""
    if len(shorter) > 3 and shorter[-1] == shorter[-2] and shorter[-1] not in "aeioulsz":
        return shorter[:-1]
    return shorter.removesuffix("e") if len(shorter) > 4 else shorter
