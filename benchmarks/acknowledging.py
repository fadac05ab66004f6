"""How fast the Discord bot acknowledges while it is busy: python -m benchmarks.acknowledging

The bot is a process of its own, with the real discord.py against the fake Discord of the tests, over a
hand-made library and a language model that takes twenty seconds for an answer. Fifty questions are being
answered or wait in the queue while further commands come in. An acknowledgement is the time from Discord's
event to the bot's first answer to it; Discord gives three seconds. Edits are those of one answer's message.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.fake_discord import FakeDiscord
from tests.fake_discord.world import Interaction
from tests.test_discord_process import ASK, process

RUNNING = 50  # questions at once
MODEL_SECONDS = 20.0  # that the language model takes for one answer
BETWEEN = 0.05  # seconds between two further commands
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ask", {"question": ASK}),
    ("paper", {"title": "hedge"}),
    ("search", {"query": "hedges"}),
    ("help", {}),
)


async def measure(commands: int) -> list[str]:
    """The lines of the table: acknowledgements by kind of command, then all, and the edits of an answer."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeDiscord() as fake, process(fake, Path(folder), "slow", MODEL_SECONDS):
            fake.global_limit.limit = 10_000  # ours is not the place to measure Discord's own limits
            asked = [await fake.slash("ask", question=ASK) for _ in range(RUNNING)]
            await fake.until(lambda: all(one.acknowledged for one in asked))
            later = await _further(fake, commands)
            await fake.until(lambda: all(one.acknowledged for _, one in later), 30)
            rows = [_row(name, [one for kind, one in later if kind == name]) for name, _ in KINDS]
            rows.append(_row("all of them", [one for _, one in later]))
            rows.append(_row(f"the {RUNNING} themselves, all at once", asked))
            await fake.until(lambda: not any(one.waiting for one in asked), 60)
            await fake.until(lambda: sum(_finished(fake, one) for one in asked) >= RUNNING // 2, 90)
            edits = [len(fake.world.edits[str(one.original)]) for one in asked if _finished(fake, one)]
            refused = len(fake.refusals)
    middle, most = statistics.median(edits), max(edits)
    rows.append(f"edits of one answer in {MODEL_SECONDS:.0f} s: median {middle:.0f}, most {most}")
    rows.append(f"calls that Discord refused: {refused}")
    return rows


async def _further(fake: FakeDiscord, commands: int) -> list[tuple[str, Interaction]]:
    sent = []
    for number in range(commands):
        name, options = KINDS[number % len(KINDS)]
        sent.append((name, await fake.slash(name, **options)))
        await asyncio.sleep(BETWEEN)
    return sent


def _finished(fake: FakeDiscord, one: Interaction) -> bool:
    return bool(fake.world.messages[str(one.original)]["components"])


def _row(name: str, found: list[Interaction]) -> str:
    seconds = sorted(one.ack_seconds for one in found)
    at99 = seconds[min(len(seconds) - 1, int(0.99 * len(seconds)))]
    p50 = statistics.median(seconds)
    figures = (len(found), *(round(1000 * one) for one in (p50, at99, seconds[-1])))
    return f"{name:<34}" + "".join(f"{figure:>10}" for figure in figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commands", type=int, default=200, help="further commands, 0.05 s apart")
    rows = asyncio.run(measure(parser.parse_args().commands))
    print(f"Acknowledgements in ms while {RUNNING} questions run")
    print(f"{'command':<34}" + "".join(f"{head:>10}" for head in ("number", "p50", "p99", "slowest")))
    print("\n".join(rows))


if __name__ == "__main__":
    main()
