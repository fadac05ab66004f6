"""Formulas in an answer, as a chat shows them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.discord_bot.formulas import readable_formulas
from tests.discord_kit import healthy_discord, reply_in, running
from tests.fake_discord.objects import BOT_ID
from tests.fake_footnote import TalkingModel


@pytest.mark.parametrize(
    "written, shown",
    [
        (r"with $\alpha$-divergence and \(\Theta\) [1].", "with α-divergence and Θ [1]."),
        (r"$\mathbf{x}_{t+1} = \mathbf{x}_t - \eta \nabla f(x)$", "xₜ₊₁ = xₜ - η ∇ f(x)"),
        (r"$\mathcal{L}_{kd} = \lambda \sum_i \alpha_i^2$", "`L_kd = λ ∑ᵢ αᵢ²`"),
        (r"\[ \frac{a+b}{\sqrt{n}} \leq \mathbb{E}[x]^{T} \]", "(a+b)/√n ≤ E[x]ᵀ"),
        (r"$$\hat{y} = \text{softmax}(W x + b)$$", "y = softmax(W x + b)"),
        (r"from $10^{-3}$ to $p(x \mid y)$", "from 10⁻³ to `p(x | y)`"),
        ("$x$ is one, $5 and $10 are not, nor is $100$", "x is one, $5 and $10 are not, nor is $100$"),
        (r"a footnote: $x [1] y_2$", r"a footnote: $x [1] y_2$"),
        ("`$\\alpha$` and\n```\n$\\alpha$\n```", "`$\\alpha$` and\n```\n$\\alpha$\n```"),
        ("snake_case, 50% of β ≥ 0.5", "snake_case, 50% of β ≥ 0.5"),
        (r"it begins $\alpha", r"it begins $\alpha"),
    ],
)
def test_formulas_are_put_into_signs_and_nothing_else_is(written: str, shown: str) -> None:
    assert readable_formulas(written) == shown


@pytest.mark.parametrize("hostile", ["$" * 5_000, r"$\frac{" * 2_000, "$a_" * 3_000 + "$", r"\[" * 4_000])
def test_hostile_text_takes_no_time(hostile: str) -> None:
    started = time.perf_counter()
    readable_formulas(hostile)
    assert time.perf_counter() - started < 1


async def test_an_answer_shows_its_formulas_in_signs(tmp_path: Path) -> None:
    said = r"HedgeNet has $4.2 \times 10^6$ parameters, that is 4.2 million parameters [1]."
    async with healthy_discord() as fake, running(fake, tmp_path, model=TalkingModel([said])):
        await fake.say(f"<@{BOT_ID}> How many parameters does HedgeNet have?")
        answer = await reply_in(fake)
        await fake.until(lambda: "**HedgeNet" in answer["content"])
    assert r"\times" not in answer["content"]
