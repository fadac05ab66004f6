"""An answer without a language model: the sentences that answer best, word for word, with footnotes. Pure.

Every claim is a quote, so every claim has support by construction. What is left to do well is the choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.citations import Checked
from bot.counting import counted
from bot.held import Held
from bot.mentioning import mentioned, told_of, written
from bot.models import OURS, Citation, RouteKind
from bot.quoting.asked import coined_names, kind_of, wants_quantity
from bot.quoting.candidates import Candidate, candidates
from bot.quoting.readable import shown
from bot.quoting.telling import worth_in_a_list
from bot.quoting.worth import Scale, scale
from bot.titles import title_in_text
from retrieval.models import Passage

WORDS = 120  # of an answer, as a reader counts them
WORDS_OF_A_LIST = 250  # of a list of papers or a comparison
WORDS_OF_A_COUNT = 6
PAPERS_LISTED = 8
PAPERS_COMPARED = 4
QUOTES = 5  # of one answer; a sixth hides the first
QUOTES_OF_A_FACT = 4  # where one fact is asked for
QUOTES_COMPARED = 3  # of one paper in a comparison
LEAST = 0.3  # of what the best quote's own words are worth; what says less is left out
LEAST_EXPLAINED = 0.1  # the same where an explanation is asked for: it takes several sentences of one paper
LISTS: frozenset[RouteKind] = frozenset({"find", "author"})

_Valued = tuple[float, Candidate]  # what a candidate is worth, and it

_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?:\S+\s+){0,3}?(?:papers|articles|publications|works|studies)\b", re.I
)
_OF_CODE = re.compile(
    r"\b(?:code|github|repo\w*|link|url|web\s?(?:site|page)|project\s+page|demo|available|download\w*|releas\w*|"
    r"licen[cs]\w*|open[\s-]?source\w*)\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:code|page|available|released|found|visit)\b[^.]{0,40}https?://|\b(?:code|models?|weights)\b[^.]{0,40}\bavailable\b|"
    r"\bwill\s+be\s+(?:made\s+)?(?:publicly\s+)?(?:available|released)\b|"
    r"\b(?:be|is|are)\s+(?:found|provided|presented|given|included|shown)\s+in\s+(?:\w+\s+)?(?:supplement\w*|appendix)",
    re.IGNORECASE,
)  # where to get the code, or to read on: it answers nothing else


def without_notices(question: str, found: Sequence[Candidate]) -> Sequence[Candidate]:
    """`found` without where to get the code, unless `question` asks for it or there is nothing else."""
    if _OF_CODE.search(question):
        return found
    return [candidate for candidate in found if not _NOTICE.search(candidate.text)] or found


def says_nothing_of(question: str, passages: Sequence[Passage]) -> bool:
    """Whether a kind of thing is asked for of which no quotable sentence speaks: a loss, a speed."""
    kind = kind_of(question)
    told = candidates(passages, rows=True) if kind else []
    return kind is not None and not any(_shows(kind, one) for one in told)


def _shows(kind: re.Pattern[str], one: Candidate) -> bool:
    return bool(kind.search(f"{one.columns or ''} {one.text}"))


def extract(
    question: str,
    query: str,
    kind: RouteKind,
    passages: Sequence[Passage],
    quotes: int | None = None,
    fitting: int = 0,
) -> Checked:
    """The extractive answer to `question` from `passages`, best first; empty where no sentence can be shown.

    `query` is the question made whole; the question alone tells what is asked, where it has words for it.
    At most `quotes`, where that is set. `fitting` papers are known to mention what papers are asked to use.
    """
    use = mentioned(query, passages) if kind == "find" else None
    rows = use is not None or (wants_quantity(question) and kind not in LISTS)
    found = without_notices(question, candidates(passages, rows=rows))
    if use:
        found = [one for one in found if written(use.names, f"{one.columns or ''} {one.text}")] or found
    weigh = scale(question, query, passages, found, own=kind == "question")
    if kind in LISTS:
        whole = use if use and use.alone else None  # it is known of all papers
        asked = bool(whole or _HOW_MANY.search(question))
        words = WORDS_OF_A_LIST - (WORDS_OF_A_COUNT if asked else 0)
        checked = _compose(passages, _of_each_paper(passages, found, weigh), words, listed=True)
        if not (asked and checked.citations):
            return checked
        return _mentioning(checked, whole.names, passages, fitting) if whole else _counted(checked)
    if kind == "compare":
        chosen = _of_each_side(passages, found, weigh)
        return _compose(passages, chosen, WORDS_OF_A_LIST, listed=True)
    found = _of_the_named(query, passages, found)
    quotes = quotes or (QUOTES_OF_A_FACT if weigh.pointed else QUOTES)
    chosen = best_quotes(passages, found, weigh, WORDS, quotes)
    thing = kind_of(question, beyond=True)
    if thing and not any(_shows(thing, one) for one in chosen):  # one of those that speak of it comes first
        showing = [one for one in found if _shows(thing, one)]
        first = best_quotes(passages, showing, weigh, WORDS, 1)
        chosen = [*first, *chosen][:quotes]
    return _compose(passages, chosen, WORDS, listed=False)


def _of_the_named(query: str, passages: Sequence[Passage], found: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those of the papers that have all coined names of the question, if any have: "How does BLIP-2 ...?"."""
    if not (names := coined_names(query)):
        return found
    texts: dict[str, str] = {}
    for one in passages:
        texts[one.paper.id] = f"{texts.get(one.paper.id, one.paper.title)}\n{one.chunk.text}"
    held = {paper: Held.of(text) for paper, text in texts.items()}
    having = {paper for paper, there in held.items() if all(map(there.has, names))}
    return [one for one in found if passages[one.passage].paper.id in having] or found


def _counted(checked: Checked) -> Checked:
    """A list under its count, which is no more than that of the papers that were found near."""
    count = len(checked.citations)
    least = "At least " if count >= PAPERS_LISTED else ""
    head = f"{least}{counted(count, 'paper')} {'fits' if count == 1 else 'fit'} this:"
    return replace(checked, text=f"{head}\n{checked.text}")


def _mentioning(checked: Checked, names: Sequence[str], passages: Sequence[Passage], fitting: int) -> Checked:
    """A list of papers that write one of `names`, under their count; in its last line those not quoted."""
    quoted_ones = {citation.paper.id for citation in checked.citations}
    others = {one.paper.id: one.paper for one in passages if one.paper.id not in quoted_ones}
    words = WORDS_OF_A_LIST - WORDS_OF_A_COUNT - len(checked.text.split())
    titles: list[str] = []
    for title in map(title_in_text, others.values()):
        if (words := words - len(title.split())) > 0:
            titles.append(title)
    more = fitting - len(quoted_ones) - len(titles)
    rest = [*titles, *([f"{more} more"] if more > 0 else [])]
    last = [f"And: {'; '.join(rest)}."] if rest else []
    return replace(checked, text="\n".join([f"{told_of(names, fitting)}:", checked.text, *last]))


def best_quotes(
    passages: Sequence[Passage], found: Sequence[Candidate], weigh: Scale, words: int, quotes: int
) -> list[Candidate]:
    """The best `quotes` candidates that fit into `words`, each judged by what it adds to those before it."""
    chosen: list[Candidate] = []
    titled: set[str] = set()
    free = list(found)
    least = elsewhere = 0.0
    while free and len(chosen) < quotes:
        told = frozenset().union(*(c.stems for c in chosen)) & weigh.asked
        best = max(free, key=lambda c: weigh.worth(c, told))
        value = weigh.gain(best, told)
        if chosen and value < least:
            break
        free.remove(best)
        owner = passages[best.passage].paper
        if chosen and owner.id not in titled and value < elsewhere:
            continue
        cost = _words(best) + (0 if owner.id in titled else len(owner.title.split()) + 2)
        if cost > words or _repeats(best, chosen):
            continue
        least, elsewhere = least or _least(weigh) * value, elsewhere or LEAST * value
        words -= cost
        titled.add(owner.id)
        chosen.append(best)
    return chosen


def _least(weigh: Scale) -> float:
    """What a further quote must be worth, of the first."""
    return LEAST_EXPLAINED if weigh.explains and not weigh.pointed else LEAST


def _words(candidate: Candidate) -> int:
    """How many words a quote takes in an answer, with its mark and the head of its table."""
    return len(candidate.text.split()) + 1 + (len(candidate.columns.split()) + 2 if candidate.columns else 0)


def _repeats(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence says again what a chosen one says; rows of one table never do."""
    return candidate.columns is None and any(
        len(candidate.stems & other.stems) > 0.7 * min(len(candidate.stems), len(other.stems))
        for other in chosen
        if other.columns is None
    )


def _of_each_paper(passages: Sequence[Passage], found: Sequence[Candidate], weigh: Scale) -> list[Candidate]:
    """For each paper, in the order of the passages, the sentence that tells most.

    While all of them are too long together, that gives way to a shorter one of its paper by which least is
    lost for each word.
    """
    groups: list[list[_Valued]] = []
    for paper in _papers(passages)[:PAPERS_LISTED]:
        if own := [c for c in found if passages[c.passage].paper.id == paper]:
            worth = worth_in_a_list(own, weigh)
            groups.append([(worth(candidate), candidate) for candidate in own])
    chosen = [max(own, key=lambda one: one[0]) for own in groups]
    titles = (passages[candidate.passage].paper.title for _, candidate in chosen)
    room = WORDS_OF_A_LIST - sum(len(title.split()) + 2 for title in titles)
    while (over := sum(_words(candidate) for _, candidate in chosen) - room) > 0:
        shorter = min(_shorter(chosen, groups, over), key=lambda way: way[0], default=None)
        if shorter is None:
            break
        chosen[shorter[1]] = shorter[2]
    return [candidate for _, candidate in chosen]


def _shorter(
    chosen: Sequence[_Valued], groups: Sequence[Sequence[_Valued]], over: int
) -> Iterator[tuple[float, int, _Valued]]:
    """Each way to save words: what is lost for each of the `over` ones that it saves, where, and by what."""
    for place, (now, own) in enumerate(zip(chosen, groups, strict=True)):
        for other in own:
            if (saved := _words(now[1]) - _words(other[1])) > 0:
                yield (now[0] - other[0]) / min(saved, over), place, other


def _of_each_side(passages: Sequence[Passage], found: Sequence[Candidate], weigh: Scale) -> list[Candidate]:
    """For each paper that is compared, its best quotes, as many words for each."""
    sides = _papers(passages)[:PAPERS_COMPARED]
    words = WORDS_OF_A_LIST // max(2, len(sides))
    return [
        quote
        for paper in sides
        for quote in best_quotes(
            passages,
            [c for c in found if passages[c.passage].paper.id == paper],
            weigh,
            words,
            QUOTES_COMPARED,
        )
    ]


def _papers(passages: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(passage.paper.id for passage in passages))


def _compose(
    passages: Sequence[Passage], chosen: Sequence[Candidate], words: int, *, listed: bool
) -> Checked:
    """A line for each paper: its title, its quotes. Papers as they first appear, as far as `words` go."""
    order = list(dict.fromkeys(passages[c.passage].paper.id for c in chosen))
    grouped = sorted(chosen, key=lambda c: order.index(passages[c.passage].paper.id))
    lines: list[str] = []
    citations: list[Citation] = []
    for _, group in groupby(grouped, key=lambda c: passages[c.passage].paper.id):
        own = list(group)
        while own:
            title = title_in_text(passages[own[0].passage].paper)
            quotes = [quoted(len(citations) + n, passages[c.passage], c) for n, c in enumerate(own, 1)]
            line = f"{f'{len(lines) + 1}. ' if listed else ''}{title}: {' '.join(quotes)}"
            if sum(len(told.split()) for told in (*lines, line)) <= words:
                lines.append(line)
                citations += [cited(len(citations) + n, passages[c.passage], c) for n, c in enumerate(own, 1)]
                break
            own.pop()
    return Checked(("\n" if listed else "\n\n").join(lines), tuple(citations))


def cited(n: int, passage: Passage, candidate: Candidate) -> Citation:
    """The footnote of a quote: its words as they stand in the passage, whatever a reader is shown of them."""
    return Citation(n, passage.paper, passage.chunk, passage.chunk.text[candidate.start : candidate.end])


def quoted(n: int, passage: Passage, candidate: Candidate) -> str:
    """The quote as a reader sees it: in quotation marks, or named as ours where it is."""
    words = shown(candidate.text)
    if passage.chunk.kind == "summary":
        return f"{OURS} {words} [{n}]"
    if candidate.columns:
        return f"“{words}” (columns: {shown(candidate.columns)}) [{n}]"
    return f"“{words}” [{n}]"
