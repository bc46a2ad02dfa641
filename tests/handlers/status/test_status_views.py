"""What is said about latest news, in both languages."""

import pytest

from bot.i18n import LANGUAGES
from handlers.status import views
from tests.support.golden import check_views

NAMES = ["佐藤 美咲", "高橋 翔", "Emily Carter", "三宅 千尋", "安藤 良介", "西川 和哉", "谷口 文香"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    made = {
        "cheered": lambda: views.cheered("佐藤 美咲"),
        "cheered_before": lambda: views.cheered_before("佐藤 美咲"),
        "out_of_date": views.out_of_date,
        "thanks": lambda: views.thanks(NAMES[:2], "引っ越しました。"),
        "thanks_of_many": lambda: views.thanks(NAMES, "引っ越しました。"),
        "thanks_for_old_news": lambda: views.thanks(NAMES[:1], ""),
        "question": lambda: views.question("高橋 翔", ""),
        "question_again": lambda: views.question("高橋 翔", "元気です。"),
        "stopped": views.stopped,
    }
    check_views("status", locale, made)
