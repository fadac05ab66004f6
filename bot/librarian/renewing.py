"""All papers made anew beside a running bot, where other settings or an older version made them."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import BotSettings
    from retrieval.models import LibraryStatus
    from retrieval.worker import Runner

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds until it is tried again, doubled each time

REBUILD = "Run `footnote ingest --rebuild`, or start the bot, which does it; or set EMBEDDER back."


def outdated(status: LibraryStatus) -> str:
    """What an operator is to know where another embedder than is set made the indexes; "" where none did."""
    if status.embedder_wanted is None:
        return ""
    how = "by words only" if status.words_only else "until new ones are made"
    return f"made by {status.embedder}, and EMBEDDER is {status.embedder_wanted}; they answer {how}"


def renew(settings: BotSettings, runner: Runner, stop: threading.Event, going_on: threading.Event) -> None:
    """Have it done, if need be; the old indexes answer until that is over. `going_on` is set meanwhile.

    What stands in its way is told, and it is tried again until `stop` is set.
    """
    from retrieval.errors import LibraryMissing, RetrievalError
    from retrieval.jobs import Jobs
    from retrieval.library import Library

    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            with Library.open(settings) as library:
                if not library.outdated():
                    return
            log.info("The library is made anew for these settings; what there is answers until that is done")
            going_on.set()
            runner.call(Jobs.renew, lambda _: None)
            log.info("The library was made anew, and answers from now on")
            return
        except LibraryMissing:
            return
        except RetrievalError as error:
            if not stop.is_set():
                log.warning("The library cannot be made anew, to be tried again in %.0f s: %s", pause, error)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            going_on.clear()
