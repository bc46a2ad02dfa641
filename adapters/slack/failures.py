"""Slack's error codes as the four kinds of failed sends."""

from adapters.slack.web import CallFailed
from bot.failures import FailureKind, SendFailed

TOKEN_WAIT = 600.0
"""Seconds to wait while Slack refuses our token: nothing is wrong with the messages, so none is used up meanwhile."""

GONE = frozenset(
    {
        "account_not_found",
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_user_combination",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
    }
)
"""This conversation or person takes nothing: docs.slack.dev/reference/methods, chat.postMessage and others."""

TOKEN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "not_installed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)

PASSING = frozenset(
    {
        "connection_lost",
        "ekm_access_denied",
        "external_channel_migrating",
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "timeout",
        "unreachable",
    }
)


def explain(failure: CallFailed, *, posting: bool, channel_only: bool = False, replaces: bool = False) -> SendFailed:
    """The failure of a call as the failure of a send.

    `posting` says that the call would have shown something, so that a lost answer may hide a message. `channel_only` is
    what is known about a throttle. `replaces` says that a message was to be changed: one that can't be found is then
    nobody's address that is gone.
    """
    code, reason = failure.code, str(failure)
    if code in ("ratelimited", "rate_limited"):
        wait = failure.retry_after or 30.0
        return SendFailed(FailureKind.THROTTLED, reason, retry_after=wait, channel_only=channel_only)
    if code in TOKEN:
        return SendFailed(FailureKind.THROTTLED, reason, retry_after=TOKEN_WAIT)
    if code in PASSING or code.startswith("http_"):
        return SendFailed(FailureKind.RETRY, reason, maybe_sent=posting and failure.maybe_done)
    if code in GONE and not replaces:
        return SendFailed(FailureKind.GONE, reason)
    return SendFailed(FailureKind.BUG, reason)
