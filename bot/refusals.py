"""That the library holds no answer: a value with its reason and what is nearest, never read out of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import asked_of
from bot.extractive import extract
from bot.models import NONE_SAYS, NOTHING_FOUND, Answer, Question, Route
from bot.titles import title_in_text
from retrieval.models import Paper

NEAREST = 3  # titles that a refusal names
INSTEAD_OF_THEM = "Ask about something else of them, or ask in other words."
INSTEAD = "Ask about one of these, or ask in other words."


def too_far(frame: Answer) -> Answer:
    """A refusal without titles: nothing found is near enough for them to help."""
    text = f"{NOTHING_FOUND} that is about this. I only answer from the papers that it holds."
    return replace(frame, refused=True, text=text)


def refusal(frame: Answer, missing: Sequence[str] = ()) -> Answer:
    """That the library holds no answer, with the nearest titles.

    `missing` are the names in the question that nothing found mentions: the reason, as far as one is known.
    """
    titles = [title_in_text(found.paper) for found in frame.papers[:NEAREST]]
    if not titles:
        return replace(frame, refused=True, text="The library holds no paper that this question asks for.")
    nearest = "\n".join(f"- {title}" for title in titles)
    told = " or ".join(missing[:NEAREST])
    reason = f"None of them mentions {told}." if told else "None of them says enough about it."
    text = f"{NOTHING_FOUND} that answers this. The nearest papers:\n{nearest}\n{reason}"
    return replace(frame, refused=True, text=f"{text} {INSTEAD}")


def silent(frame: Answer, question: Question, route: Route) -> Answer:
    """A refusal: that the paper spoken of does not say what is asked, with the nearest that it says."""
    asked = asked_of(question.text, question.history)
    paper = frame.papers[0].paper
    own = [passage for passage in frame.passages if passage.paper.id == paper.id]
    near = extract(asked, route.query, route.kind, own, quotes=1)
    title = title_in_text(paper)
    short = own and all(passage.chunk.kind in ("abstract", "card") for passage in own)
    held = f"the abstract of {title}, which is all that it holds of it" if short else title
    nearest = f" The nearest: {near.text.removeprefix(title).lstrip(': ')}" if near.text else ""
    text = f"{NOTHING_FOUND} to quote on this from {held}.{nearest}"
    return replace(frame, refused=True, text=text, citations=near.citations)


def untold(frame: Answer, papers: Sequence[Paper]) -> Answer:
    """A refusal: that none of `papers`, of which something is asked, tells it."""
    titles = "\n".join(f"- {title_in_text(paper)}" for paper in papers)
    text = f"{NONE_SAYS}\n{titles}\n{INSTEAD_OF_THEM}"
    return replace(frame, refused=True, text=text)
