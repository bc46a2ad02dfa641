"""A command run inside a test sets up the logs; the test after it must not write to the first one's output."""

from io import StringIO

import pytest

from bot import dispatcher
from bot.logs import set_up_logs

closed = StringIO()


@pytest.mark.xdist_group("logs")
def test_a_test_may_set_up_the_logs_for_an_output_of_its_own() -> None:
    set_up_logs("json", "info", closed)
    dispatcher.log.info("first.line", id=1)
    assert '"event": "first.line"' in closed.getvalue()
    closed.close()


@pytest.mark.xdist_group("logs")
def test_the_next_test_logs_as_if_nothing_had_been(capsys: pytest.CaptureFixture[str]) -> None:
    dispatcher.log.info("second.line", id=2)
    assert "second.line" in capsys.readouterr().out
