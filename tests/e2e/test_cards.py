"""Cards, buttons and forms: what is pressed and filled in."""

import re

from playwright.sync_api import Page, expect

from bot.incoming import FormSubmitted
from tests.e2e.conftest import OpenPage
from tests.e2e.servers import SmallServer
from tests.e2e.side import Dialog, Side


def sho_with_cards(page: Page) -> Side:
    return Side(page, "高橋 翔").say("/cards").sees("見出し")


def test_a_pressed_card_becomes_another_and_keeps_the_focus(open_page: OpenPage, small: SmallServer) -> None:
    sho = sho_with_cards(open_page(small.address))
    sho.press("引き受ける").hears("引き受けました")
    expect(sho.last).to_contain_text("更新")
    expect(sho.button("引き受ける")).to_have_count(0)
    expect(sho.last).to_be_focused()


def test_a_button_is_busy_while_it_works_and_a_double_click_is_two(open_page: OpenPage, small: SmallServer) -> None:
    sho = sho_with_cards(open_page(small.address))
    slow = sho.button("ゆっくり")
    slow.dblclick()
    expect(slow).to_have_attribute("aria-busy", "true")
    expect(slow).not_to_have_attribute("aria-busy", "true")
    assert small.bot.presses["small.slow[]"] == 2
    slow.click()
    expect(slow).to_have_attribute("aria-busy", "true")
    expect(slow).not_to_have_attribute("aria-busy", "true")
    assert small.bot.presses["small.slow[]"] == 3


def test_a_grave_button_asks_first(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho = sho_with_cards(page)
    sho.press("終える")
    question = page.get_by_role("alertdialog", name="よろしいですか")
    expect(question).to_contain_text("この会話を終えますか。")
    expect(question.get_by_role("button", name="戻る")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(sho.button("終える")).to_be_focused()
    assert not small.bot.presses
    sho.press("終える")
    page.get_by_role("alertdialog").get_by_role("button", name="終える").click()
    sho.hears("押しました：small.stop[]")


def test_a_form_of_every_field_is_filled_in_step_by_step(open_page: OpenPage, small: SmallServer) -> None:
    sho = Side(open_page(small.address), "高橋 翔").say("/mentor 電池の量産")
    form = sho.form("相談をお願いする")
    expect(form.node.get_by_label("話題")).to_have_value("電池の量産")
    expect(form.node.get_by_label("話題")).to_be_focused()
    form.fill("伺いたいこと", "最初の半年で確かめておくべきこと").choose("言葉", "English")
    form.tick("電池開発", "海外赴任", "午前").fill("希望日", "2026-12-01")
    expect(form.node.get_by_role("checkbox", name="品質保証")).to_be_disabled()
    form.press("次へ")
    second = sho.form("もう少し")
    second.fill("ひとこと", "急ぎません").press("送る")
    last = sho.form("お願いしました").sees("急ぎません")
    last.press("閉じる")
    last.is_gone()
    expect(sho.box).to_be_focused()
    submitted = next(heard for heard in small.bot.heard if isinstance(heard, FormSubmitted))
    assert dict(submitted.values.raw) == {
        "topic": "電池の量産",
        "aim": "最初の半年で確かめておくべきこと",
        "language": "en",
        "fields": ("t0", "t2"),
        "when": ("am",),
        "day": "2026-12-01",
    }


def test_what_is_missing_is_said_beside_the_field(open_page: OpenPage, small: SmallServer) -> None:
    sho = Side(open_page(small.address), "高橋 翔").say("/mentor")
    form = sho.form("相談をお願いする").press("次へ")
    topic = form.node.get_by_label("話題")
    expect(topic).to_have_attribute("aria-invalid", "true")
    expect(topic).to_have_accessible_description(re.compile("ご記入ください。"))
    expect(topic).to_be_focused()
    form.sees("1つ以上選んでください。")
    topic.fill("電池")
    expect(topic).to_have_attribute("aria-invalid", "false")
    assert len(small.bot.heard) == 1


def test_the_bots_objection_stands_beside_the_field_and_nothing_is_lost(
    open_page: OpenPage, small: SmallServer
) -> None:
    sho = Side(open_page(small.address), "高橋 翔").say("/mentor")
    form = sho.form("相談をお願いする").fill("話題", "だめ").tick("午後").press("次へ")
    topic = form.node.get_by_label("話題")
    expect(topic).to_have_accessible_description(re.compile("ほかの話題をご記入ください。"))
    expect(topic).to_have_value("だめ")
    expect(topic).to_be_focused()


def test_the_focus_stays_in_a_form_and_goes_back_on_escape(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho = sho_with_cards(page)
    sho.press("相談する")
    form = sho.form("相談をお願いする")
    for _ in range(25):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        assert inside
    page.keyboard.press("Escape")
    form.is_gone()
    expect(sho.button("相談する")).to_be_focused()


def test_home_is_opened_drawn_and_redrawn(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho = Side(page, "高橋 翔").go("ホーム").sees("縁")
    sho.press("書き直す").sees("新しいホーム")
    sho.go("Musubi").say("/alumni")
    expect(sho.pane.get_by_role("tab", name="ホーム")).to_have_attribute("aria-selected", "true")
    sho.sees("縁").press("相談する")
    Dialog(page, "相談をお願いする").press("あとで")


def test_a_leaver_reads_the_invitation_and_joins(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    page.get_by_role("button", name="退職した方を迎える").click()
    kenichi = Side(page, "田中 健一").sees("縁へのご招待")
    expect(kenichi.pane.frame_locator("iframe").locator("body")).to_contain_text("AB12-CD34")
    expect(kenichi.box).to_have_count(0)
    page.get_by_role("button", name="ワークスペースに参加").click()
    kenichi.go("Musubi").hears("ようこそ。")
    alumni = page.get_by_role("navigation").get_by_role("list", name="アルムナイ")
    expect(alumni).to_contain_text("田中 健一")
    kenichi.press("30秒で登録")
    kenichi.form("相談をお願いする")


def test_a_persons_own_language_is_apart_from_the_pages(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho = Side(page, "高橋 翔")
    expect(sho.box).to_be_visible()  # the workspace has said that he is in it
    page.get_by_role("button", name="高橋 翔さんについて").click()
    window = Dialog(page, re.compile("高橋 翔"))
    window.sees("設計2課").choose("この画面での言語", "English").press("閉じる")
    sho.hears("言語：en")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
