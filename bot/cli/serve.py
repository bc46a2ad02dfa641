"""`serve`: Musubi for a real community."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog
from aiohttp import web
from sqlalchemy.engine import make_url

from bot.app import AdapterMaker, App, build
from bot.cli.common import load_settings, stop_for
from bot.settings import Settings, check_serving, split_names
from handlers.topics import Reader, get_working_reader
from storage.migrate import find_head, find_revision, migrate
from storage.queries.standing import list_texts

log = structlog.get_logger(__name__)


def serve() -> None:
    """Starts Musubi with the platforms that are set up, until it is told to stop."""
    settings = load_settings(check_serving)
    prepare_database(settings)
    app = build(settings, list_makers(settings))
    host = (
        "127.0.0.1" if settings.musubi_teams_emulator else settings.musubi_host
    )  # without tokens, nobody from outside
    asyncio.run(run(app, host, settings.musubi_port))


def prepare_database(settings: Settings) -> None:
    """Migrates SQLite by itself. Several replicas share PostgreSQL: there, `migrate` is a step of its own."""
    url = settings.musubi_database_url
    if make_url(url).get_backend_name() == "sqlite":
        Path(make_url(url).database or "var/musubi.db").parent.mkdir(parents=True, exist_ok=True)
        migrate(url)
    elif find_revision(url) != find_head():
        stop_for(["The database's tables are not those of this version: run `python -m bot migrate` first."])


def list_makers(settings: Settings) -> list[AdapterMaker]:
    """The adapters of the platforms that are set up."""
    switches = ((settings.slack_is_on, _slack), (settings.teams_is_on, _teams), (settings.mail_is_on, _email))
    return [make(settings) for is_on, make in switches if is_on]


def _slack(settings: Settings) -> AdapterMaker:
    from adapters.slack import SlackAdapter

    return lambda lines: SlackAdapter(
        token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        api_url=settings.slack_api_url,
        dispatch=lines.dispatch,
        clock=lines.clock,
    )


def _teams(settings: Settings) -> AdapterMaker:
    from adapters.teams import TeamsAdapter

    return lambda lines: TeamsAdapter(
        app_id=settings.teams_app_id,
        app_password=settings.teams_app_password.get_secret_value(),
        tenant_id=settings.teams_tenant_id,
        emulator=settings.musubi_teams_emulator,
        login_url=settings.teams_login_url,
        openid_url=settings.teams_openid_url,
        service_hosts=split_names(settings.teams_service_hosts),
        places=lines.places,
        dispatch=lines.dispatch,
        clock=lines.clock,
    )


def _email(settings: Settings) -> AdapterMaker:
    from adapters.email import EmailAdapter, ReplyAddresses

    base, key = settings.musubi_reply_address, settings.musubi_secret.get_secret_value().encode()
    return lambda lines: EmailAdapter(
        smtp_url=settings.smtp_url.get_secret_value(),
        mail_from=settings.musubi_mail_from,
        community=settings.musubi_community,
        clock=lines.clock,
        replies=ReplyAddresses(base, key) if base else None,
        dispatch=lines.dispatch,
        incoming_secret=settings.musubi_mail_secret.get_secret_value(),
        locale=settings.musubi_language,
    )


async def run(app: App, host: str, port: int, *, on_ready: Callable[[], None] = lambda: None) -> None:
    """Serves until SIGINT or SIGTERM, then closes in order. `on_ready` is called when the port is open."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await app.start()
    reader = await asyncio.to_thread(get_working_reader, app.policy.topics_file)
    await asyncio.to_thread(reader.prepare)
    runner = web.AppRunner(app.make_web(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    sys.setswitchinterval(_SWITCH)
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not walk through it again and again
    on_ready()
    log.info("serving", host=host, port=port, platforms=sorted(app.senders))
    reading = asyncio.create_task(read_profiles(app, reader))
    await stop.wait()
    reading.cancel()
    await runner.cleanup()
    await app.close()


async def read_profiles(app: App, reader: Reader) -> None:
    """Reads what members tell of themselves, in small portions beside the work, so that the first who asks for a
    consultation doesn't wait for it: a large community's texts take seconds."""
    texts = await app.store.run(list_texts)
    everything = [*texts.topics.values(), *texts.jobs, *texts.departments]
    for start in range(0, len(everything), _PORTION):
        await asyncio.to_thread(reader.prepare, everything[start : start + _PORTION])
        await asyncio.sleep(0)


_SWITCH = 0.0002
"""Seconds after which a thread that computes lets another one have its turn. With Python's 5 ms an answer, which passes
between the event loop and the database's thread several times, waits that long each time while digests are written; on
PostgreSQL it passes for every word to the server, a dozen times (p99 was 4.8 times idle at 1 ms, 2.8 now)."""

_PORTION = 50
"""Texts read at a stretch: about 10 ms."""
