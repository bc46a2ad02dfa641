"""A broadcast to a whole community over Slack and Teams, on simulated time, against platforms that count.

The bot is a process of its own, killed on the way and begun anew on the same database. The platforms are the strict
fakes, which let through what the real ones do. What is told is how much longer it takes than they allow, what they
refuse, whether everybody got it once and in their language, and whether memory grows.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from bench.announcing import find_planned
from bench.crowd import Crowd, count_states
from bench.figures import Aim, Figure, summarise
from bench.sending import Platforms, make_context, send_all
from bench.simulated import Time
from storage.migrate import migrate
from storage.models import DeliveryState
from storage.uow import Store
from tests.fake_slack import FakeSlack, Pace
from tests.fake_teams import FakeTeams
from tests.fake_teams.limits import PER_APP

SLACK_A_MINUTE = 900
"""What the workspace lets through: "some hundreds a minute"."""
TEAMS_A_SECOND = PER_APP[0] / PER_APP[1]

DOWN = 1.0
"""Simulated seconds from a kill until the bot is back."""

_WATCH = 0.002
_MEMORY_EVERY = 50
"""Real seconds between two looks at what has arrived, and after how many of them at the process's memory."""
_MB = 1024 * 1024


@dataclass
class Run:
    """What came of one broadcast."""

    crowd: Crowd
    refused: dict[str, float] = field(default_factory=dict[str, float])
    """By platform: the share of requests that were refused."""
    factors: dict[str, float] = field(default_factory=dict[str, float])
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    """By platform: until the last message arrived, without those in which the bot was down."""
    uncertain: int = 0
    never_came: int = 0
    """Of the uncertain ones."""
    lost: int = 0
    kills: int = 0
    killed_at: list[float] = field(default_factory=list[float])
    """In simulated seconds."""
    lives: list[list[tuple[int, float]]] = field(default_factory=lambda: [[]])
    """Of each process: messages that had arrived, and megabytes in use then."""

    @property
    def growth(self) -> float:
        """Megabytes between a tenth of the work of the process that lived longest and the most later."""
        memory = max(self.lives, key=lambda life: life[-1][0] - life[0][0] if life else 0)
        if not memory:
            return 0.0
        first, last = memory[0][0], memory[-1][0]
        settled = [used for count, used in memory if count >= first + (last - first) / 10]
        return max(settled) - settled[0]


async def measure_broadcast(folder: Path, members: int, kills: int = 10) -> list[Figure]:
    """All figures for so many members, three fifths of them on Slack; and, for a tenth of those on Teams, how fast one
    platform is while the other refuses everything."""
    on_slack = members * 3 // 5
    main = await _run(folder / "broadcast", on_slack, members - on_slack, kills)
    few = max(50, (members - on_slack) // 10)
    alone = await _run(folder / "alone", 0, few)
    beside = await _run(folder / "beside", few, few, throttled=True)
    return make_figures(main, alone, beside)


def make_figures(main: Run, alone: Run, beside: Run) -> list[Figure]:
    """What is told of the three runs."""
    size, crowd = f"a broadcast to {main.crowd.size} members", main.crowd
    share = alone.seconds["teams"] / beside.seconds["teams"]
    figures = [
        (f"{size} ÷ what Slack allows ({SLACK_A_MINUTE} a minute)", main.factors["slack"], "×", Aim(1.05, "less")),
        (f"{size} ÷ what Teams allows ({TEAMS_A_SECOND:g} a second)", main.factors["teams"], "×", Aim(1.05, "less")),
        ("requests that Slack refused with 429", main.refused["slack"] * 100, "%", Aim(0.1, "less")),
        ("requests that Teams refused with 429", main.refused["teams"] * 100, "%", Aim(0.1, "less")),
        ("Teams' rate while Slack refuses everything ÷ alone", share, "×", Aim(0.98, "more")),
        (f"lost over {main.kills} kills", main.lost, "messages", Aim(0, "less")),
        (f"doubled over {main.kills} kills", crowd.doubled, "messages", Aim(0, "less")),
        ("uncertain on Teams, listed for HR", main.uncertain, "messages", None),
        ("of these never arrived", main.never_came, "messages", None),
        ("in another language than the reader's", crowd.misspoken, "messages", Aim(0, "less")),
        ("memory: most, less a tenth of the way", main.growth, "MB", Aim(20, "less")),
    ]
    return [summarise(name, [float(value)], unit, aim) for name, value, unit, aim in figures]


async def _run(folder: Path, on_slack: int, on_teams: int, kills: int = 0, *, throttled: bool = False) -> Run:
    """One broadcast. With `throttled` Slack refuses everything, and it ends when Teams is done."""
    url = f"sqlite:///{folder.with_suffix('.sqlite3')}"
    migrate(url)
    context = make_context()
    time = Time(context.RawValue("d", 0.0))
    async with _open_platforms(time) as (slack, teams):
        crowd, store = Crowd(slack, teams, on_slack, on_teams), Store(url)
        try:
            crowd.move_in(store, time.now())
            batch = crowd.announce(store, time.now())
            if throttled:
                slack.faults.throttle(10**9, retry_after=5)
            bot = _Bot(Platforms.of(url, slack, teams), time)
            done = Run(crowd, kills=kills)
            moments = _choose_moments(crowd.size, kills)
            await _see_through(bot, done, moments, lambda: _look(store), on_teams if throttled else None)
            return _account_for(done, store, batch)
        finally:
            store.close()


@asynccontextmanager
async def _open_platforms(time: Time) -> AsyncGenerator[tuple[FakeSlack, FakeTeams]]:
    pace = Pace(workspace=(SLACK_A_MINUTE, 60.0))
    async with (
        FakeSlack(now=time.now, pace=pace) as slack,
        FakeTeams(now=time.now, strict=False, stands_still=True) as teams,
    ):
        yield slack, teams


def _look(store: Store) -> int:
    with store.begin() as db:
        return find_planned(db)


def _choose_moments(members: int, kills: int) -> list[int]:
    """After how many messages it is killed: once before any, while the announcement is put into the outbox, and then at
    random moments."""
    return (
        [0, *sorted(Random(50).sample(range(members // 50 + 1, members - members // 50), kills - 1))] if kills else []
    )


async def _see_through(
    bot: "_Bot", done: Run, moments: list[int], count_planned: Callable[[], int], until: int | None
) -> None:
    """Runs and kills the bot until it is done, or until so many messages have arrived."""
    bot.start()
    looks = 0
    try:
        while bot.is_alive:
            await asyncio.sleep(_WATCH)
            looks += 1
            arrived = done.crowd.arrived
            if moments and arrived >= moments[0] and (moments[0] or count_planned()):
                moments.pop(0)
                bot.kill()
                done.killed_at.append(bot.moment)
                done.lives.append([])
                bot.start()
            elif looks % _MEMORY_EVERY == 0 and (used := bot.memory):
                done.lives[-1].append((arrived, used))
            if until is not None and arrived >= until:
                return
        if bot.exit_code:
            raise RuntimeError(f"the bot ended with {bot.exit_code}")
    finally:
        bot.kill()


def _account_for(done: Run, store: Store, batch: str) -> Run:
    """Who got it, and what the database says of those who did not."""
    crowd = done.crowd
    with store.begin() as db:
        states = count_states(db, batch)
    listed = (DeliveryState.UNCERTAIN.value, DeliveryState.FAILED.value)
    arrived = len(crowd.count_by_person())
    done.uncertain = states["teams", DeliveryState.UNCERTAIN.value] + states["slack", DeliveryState.UNCERTAIN.value]
    missing = sum(count for (_platform, state), count in states.items() if state not in (*listed, "sent"))
    failed = sum(count for (_platform, state), count in states.items() if state == DeliveryState.FAILED.value)
    done.never_came = min(done.uncertain, crowd.size - arrived)
    done.lost = max(missing + failed, crowd.size - arrived - done.uncertain)
    posts = crowd.slack.calls_of("chat.postMessage")
    last = max((float(message.ts) for message in crowd.slack.messages), default=0.0)
    start = crowd.teams.service.started
    assert start is not None
    ends = {"slack": last - start.timestamp(), "teams": crowd.limits.last}
    done.seconds = {name: end - DOWN * sum(at < end for at in done.killed_at) for name, end in ends.items()}
    refusals = sum(call.answer == "ratelimited" for call in posts)
    done.refused = {
        "slack": refusals / max(1, len(posts)),
        "teams": crowd.limits.refused / max(1, crowd.limits.refused + crowd.limits.taken),
    }
    done.factors = {
        "slack": done.seconds["slack"] * SLACK_A_MINUTE / 60 / max(1, crowd.on_slack),
        "teams": done.seconds["teams"] * TEAMS_A_SECOND / max(1, crowd.on_teams),
    }
    return done


class _Bot:
    """The process, killed without a goodbye and started again."""

    def __init__(self, platforms: Platforms, time: Time) -> None:
        self._platforms, self._time, self._lives = platforms, time, 0
        self._context = make_context()
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Starts it, a little later than it was killed."""
        if self._lives:
            self._time.moment.value += DOWN
        arguments = (self._platforms, self._time.moment, self._lives)
        self._process = self._context.Process(target=send_all, args=arguments, daemon=True)
        self._process.start()
        self._lives += 1

    @property
    def is_alive(self) -> bool:
        """Whether it still sends."""
        return self._process is not None and self._process.is_alive()

    @property
    def moment(self) -> float:
        """The simulated moment."""
        return self._time.moment.value

    @property
    def exit_code(self) -> int:
        """How it ended."""
        return (self._process.exitcode if self._process else 0) or 0

    @property
    def memory(self) -> float:
        """Megabytes in use; 0 where the system does not tell."""
        try:
            pages = int(Path(f"/proc/{self._process.pid if self._process else 0}/statm").read_text("ascii").split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / _MB

    def kill(self) -> None:
        """SIGKILL."""
        process, self._process = self._process, None
        if process is not None and process.pid is not None:
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
            process.join()
            process.close()
