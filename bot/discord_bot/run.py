"""The bot's life: reach Discord and stay there, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import discord
import yarl

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands import COMMANDS
from bot.discord_bot.desk import Desk
from bot.discord_bot.memory import open_memory
from bot.discord_bot.shards import ShardedFootnote, shards_for
from bot.discord_bot.wire import LOST, TROUBLE, describe
from bot.errors import SetupError
from bot.health import serve_health

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.settings import BotSettings

log = logging.getLogger(__name__)

# Searches at once: they take the CPU, and with more of them the event loop waits longer for its turn. With 50
# questions at once on two busy cores, acknowledgements were about twice as slow with 8 threads as with 4.
SEARCH_THREADS = 4
# Seconds before connecting anew: doubled each time, a little at random.
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
LAST_SECONDS = 9.5  # from the signal to the end of the process; Docker kills after ten
STEADY = 60.0  # seconds after which a connection counts as good, and the delays start anew

NO_TOKEN = (
    "DISCORD_TOKEN is not set. Copy the bot's token from the Discord developer portal (Bot, Reset Token)."
)
WRONG_TOKEN = "Discord does not know this DISCORD_TOKEN. Copy the bot's token anew from the developer portal."
WRONG_INTENTS = (
    "Discord refuses the message-content intent. Switch it on in the developer portal (Bot, Message Content "
    "Intent), or leave DISCORD_MESSAGE_CONTENT unset."
)
HUNG_UP = "Discord refuses this bot's connection (code {code}); its log and the developer portal say more."
TOO_FEW = "Discord wants more connections of a bot in so many servers: leave DISCORD_SHARDS unset."


async def run(settings: BotSettings, footnote: Footnote, *, sync_commands: bool = False) -> None:
    """See bot.discord_bot.run_bot."""
    if settings.discord_token is None:
        raise SetupError(NO_TOKEN)
    aim(settings)
    desk = Desk()
    asyncio.get_running_loop().set_default_executor(
        ThreadPoolExecutor(max_workers=SEARCH_THREADS, thread_name_prefix="search")
    )
    async with open_memory(settings) as memory:

        def make(shards: int) -> FootnoteClient:
            kind, more = (FootnoteClient, {}) if shards == 1 else (ShardedFootnote, {"shard_count": shards})
            return kind(
                settings, footnote, commands=COMMANDS, desk=desk, memory=memory, sync=sync_commands, **more
            )

        life = Life(make, settings.discord_token.get_secret_value(), desk, settings.shards)
        with _stopped_by_signals(life.stop):
            async with serve_health(settings.health_port, life.readiness):
                await life.live()


def aim(settings: BotSettings) -> None:
    """Send discord.py elsewhere than to Discord, where the settings say so. Holds for the whole process."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # voice is none of our business
    if settings.discord_api_url:
        discord.http.Route.BASE = settings.discord_api_url.rstrip("/")
    if settings.discord_gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`. On Windows, whose loops know no signals, Ctrl-C ends the loop itself.

    The process ends in any case: a thread that searches cannot be broken off, and Python would wait for it.
    """
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        if not stop.is_set():
            last = threading.Timer(LAST_SECONDS, _leave_anyway)
            last.daemon = True
            last.start()
        stop.set()

    names = (signal.SIGTERM, signal.SIGINT)
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for name in names:
            loop.add_signal_handler(name, ask_to_stop)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            for name in names:
                loop.remove_signal_handler(name)


def _leave_anyway() -> None:
    log.warning("Something does not end; leaving it behind")
    logging.shutdown()
    os._exit(0)


def delays() -> Iterator[float]:
    """Seconds to wait before each new try."""
    delay = FIRST_DELAY
    while True:
        yield delay * random.uniform(0.8, 1.2)
        delay = min(2 * delay, LONGEST_DELAY)


class Life:
    """One client after the other, as long as there is no reason to stop."""

    def __init__(
        self, make: Callable[[int], FootnoteClient], token: str, desk: Desk, shards: int = 0
    ) -> None:
        """`make` makes a client with so many connections; 0 `shards` lets Discord say how many."""
        self.stop = asyncio.Event()
        self._make = make
        self._wanted, self._shards = shards, shards or 1
        self._token = token
        self._desk = desk
        self._client: FootnoteClient | None = None
        self._delays = delays()

    def readiness(self) -> Mapping[str, bool]:
        """For /ready: whether Discord hears us."""
        return {"discord": self._client is not None and self._client.connected}

    async def live(self) -> None:
        """Until `stop` is set. Raises SetupError when trying again would not help."""
        while not self.stop.is_set():
            client = self._client = self._make(self._shards)
            try:
                if await self._log_in(client) and await self._is_wide_enough(client):
                    await self._stay(client)
            finally:
                await self._leave(client)

    async def _log_in(self, client: FootnoteClient) -> bool:
        """Whether Discord took the token; False when it could not be asked, after a wait, or on a stop."""
        error = await self._unless_stopped(client.login(self._token))
        if error is None:
            return not self.stop.is_set()
        if isinstance(error, discord.LoginFailure):
            raise SetupError(WRONG_TOKEN) from error
        if isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429:
            raise SetupError(f"Discord refuses this bot: {describe(error)}.") from error
        if not isinstance(error, (discord.HTTPException, *LOST)):
            raise error
        await self._wait("Discord cannot be reached: check the network", error)
        return False

    async def _is_wide_enough(self, client: FootnoteClient) -> bool:
        """Whether it holds as many connections as the bot's servers need; if not, the next one will."""
        try:
            needed = await shards_for(client, self._wanted)
        except (discord.GatewayNotFound, *TROUBLE) as error:
            await self._wait("Discord did not say how many connections it wants", error)
            return False
        if needed != self._shards:
            log.info("Taking %d connections to Discord", needed)
        fits, self._shards = needed == self._shards, needed
        return fits

    async def _stay(self, client: FootnoteClient) -> None:
        """Hold the gateway connection, and take it up again whatever ended it, until told to stop.

        discord.py takes up lost connections by itself. What comes out of `connect` is the rest: a first
        connection that was refused, an event that it could not read, or a reason that only a person can mend.
        """
        while not (self.stop.is_set() or client.is_closed()):
            began = asyncio.get_running_loop().time()
            error = await self._unless_stopped(client.connect(), self._desk.close)
            if error is None:
                return
            _raise_if_final(error)
            if asyncio.get_running_loop().time() - began > STEADY:
                self._delays = delays()
            await self._hang_up(client)
            await self._wait("The connection to Discord ended", error)

    async def _unless_stopped(
        self, work: Coroutine[Any, Any, None], before: Callable[[], Awaitable[None]] | None = None
    ) -> BaseException | None:
        """What `work` failed with; None when it ended well or was cut off by a stop, after `before`."""
        task = asyncio.create_task(work)
        stopping = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and before is not None:
                await before()
        finally:
            stopping.cancel()
            task.cancel()
            await asyncio.wait((task,))
        return None if task.cancelled() else task.exception()

    async def _hang_up(self, client: FootnoteClient) -> None:
        client.connected = False
        # discord.py leaves it open after an event that it cannot read
        if client.ws is not None and client.ws.open:
            await client.ws.close(code=4000)

    async def _wait(self, what: str, error: BaseException) -> None:
        delay = next(self._delays)
        trace = None if isinstance(error, LOST) else error
        log.warning("%s (%s). Trying again in %.1f s", what, describe(error), delay, exc_info=trace)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), delay)

    async def _leave(self, client: FootnoteClient) -> None:
        if self.stop.is_set():
            await self._desk.close()
        if not client.is_closed():
            await client.close()


def _raise_if_final(error: BaseException) -> None:
    """SetupError for what only a person can mend."""
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise SetupError(WRONG_INTENTS) from error
    if isinstance(error, discord.ConnectionClosed):
        if error.code == 4004:
            raise SetupError(WRONG_TOKEN) from error
        if error.code == 4011:
            raise SetupError(TOO_FEW) from error
        if error.code in (4010, 4012, 4013):
            raise SetupError(HUNG_UP.format(code=error.code)) from error
