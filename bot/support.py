"""Does a passage say what a sentence claims? By its words, and by all that a reader would check. Pure.

A sentence has support where the passage holds most of its words close together, every number with its unit,
every name, and denies nothing that the sentence affirms, nor the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from bot.claims import Claim, amount, bounds, claim, negated, numbers, printed, turned
from bot.words import content_words, inverse_frequency
from retrieval.analysis import words
from retrieval.models import Passage
from retrieval.sentences import spans

Fault = Literal["words", "number", "unit", "name", "negation", "direction", "order"]

IN_PASSAGE = 0.45  # of the weight of a sentence's words, in the passage or its paper's title
IN_SPAN = 0.35  # the same within WINDOW sentences of it
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nor|neither|cannot|without|fails?\s+to|failed\s+to|unable\s+to|lacks?|hardly|\w+n['’]t)\s+"
    r"((?:\w+\W+){0,4}\w+)",
    re.IGNORECASE,
)
_HINDERS = re.compile(
    r"\b(?:prevent|avoid|hinder|exclud|discard|remov|ignor|instead|rather|except|only|free|but|however|sensitive)\w*",
    re.IGNORECASE,
)  # what denies without a "not"
NEAR = 4  # words on each side that tell what a number is of
WINDOW = 3  # sentences of a passage that one sentence may be drawn from
REWORDED = 0.85  # of the words in these sentences: they say the same, and must hold numbers and names too
BEFORE = 2  # sentences before those, in which a name may stand that they speak of
CLOSE = 0.6  # of the words in one sentence of the passage: it is this one that was reworded


@dataclass(frozen=True, slots=True)
class Support:
    """How well one passage supports one sentence."""

    share: float  # of the weight of the sentence's words that the passage holds, 0..1
    span: tuple[int, int]  # where in the passage's text, in characters
    faults: tuple[Fault, ...]  # () where it has support

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Source:
    """A passage taken apart, once for all sentences."""

    text: str  # in small letters
    places: tuple[tuple[int, int], ...]
    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]  # of each sentence
    around: frozenset[str]  # stems of title and section
    printed: frozenset[tuple[str, str]]
    bounds: frozenset[tuple[str, str]]
    numbers: tuple[frozenset[str], ...]  # values in each sentence
    words: frozenset[str]  # of text, title, authors, venue
    facts: frozenset[str]  # of title, authors, venue alone


class Passages:
    """The passages that an answer was written from, ready to be held against its sentences."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = tuple(passages)
        self._sources = [_source(passage) for passage in passages]
        every = [stems for source in self._sources for stems in source.stems]
        self._weights: Mapping[str, float] = inverse_frequency(every)
        self._unknown = max(self._weights.values(), default=1.0)
        self._seen: dict[tuple[str, int], Support] = {}

    def __len__(self) -> int:
        return len(self._sources)

    def support(self, sentence: str, number: int) -> Support:
        """How well passage `number`, from 1, supports `sentence`, which has no footnote marks."""
        key = (sentence, number)
        if key not in self._seen:
            self._seen[key] = self._judge(claim(sentence), self._sources[number - 1])
        return self._seen[key]

    def together(self, sentence: str, chosen: Sequence[int]) -> bool:
        """Whether several passages support `sentence` where none does alone; each must bring something."""
        said = claim(sentence)
        sources = [self._sources[number - 1] for number in chosen]
        stems = frozenset().union(*(s for source in sources for s in (*source.stems, source.around)))
        there = frozenset().union(*(source.words for source in sources))
        values = frozenset().union(*(source.printed for source in sources))
        each = all(self.support(sentence, number).share >= IN_PASSAGE / 2 for number in chosen)
        text = " ".join(source.text for source in sources)
        faults = (*_number_faults(said, values), *_name_faults(said, there, text))
        softer = any("negation" in self.support(sentence, number).faults for number in chosen)
        return each and self._share(said.stems, stems) >= IN_PASSAGE and not faults and not softer

    def best(self, sentence: str) -> tuple[int, Support] | None:
        """The passage that supports `sentence` best, and how; None where none does."""
        found = [(number, self.support(sentence, number)) for number in range(1, len(self) + 1)]
        holding = [(number, support) for number, support in found if support.holds]
        return max(holding, key=lambda one: (one[1].share, -one[0]), default=None)

    def _share(self, wanted: frozenset[str], present: frozenset[str]) -> float:
        total = sum(self._weights.get(stem, self._unknown) for stem in wanted)
        held = sum(self._weights.get(stem, self._unknown) for stem in wanted & present)
        return held / total if total else 1.0

    def _judge(self, said: Claim, source: _Source) -> Support:
        share = self._share(said.stems, frozenset().union(*source.stems, source.around))
        best, within = self._window(said, source)
        span = (source.places[best[0]][0], source.places[best[-1]][1]) if best else (0, 0)
        faults: list[Fault] = []
        if share < IN_PASSAGE or within < IN_SPAN:
            faults.append("words")
        faults += _number_faults(said, source.printed)
        if not faults and not self._numbers_in_place(said, source, best if within >= REWORDED else range(0)):
            faults.append("number")
        near = _before(source, best) if within >= REWORDED else source.words
        faults += _name_faults(said, near, source.text)
        faults += self._sense_faults(said, source, best)
        faults += ["direction"] if said.bounds - source.bounds else []
        return Support(share, span, tuple(faults))

    def _window(self, said: Claim, source: _Source) -> tuple[range, float]:
        """The sentences in a row that hold most of the words, as few as do."""
        best, most = range(0), -1.0
        for size in range(1, WINDOW + 1):
            for start in range(len(source.stems) - size + 1):
                there = frozenset().union(*source.stems[start : start + size], source.around)
                held = self._share(said.stems, there) - 0.02 * size
                if held > most:
                    best, most = range(start, start + size), held
        return best, most + 0.02 * len(best)

    def _numbers_in_place(self, said: Claim, source: _Source, best: range) -> bool:
        """Whether each number stands where the rest does.

        That is among the sentences `best` where these were reworded, else in a sentence, or beside one, that
        shares a word with the claim.
        """
        if best:
            there = frozenset().union(*source.numbers[best[0] : best[-1] + 1])
            return all({wanted, amount(wanted, unit)} & there for wanted, unit in said.numbers)
        sharing = [bool(stems & said.stems) for stems in source.stems]
        for wanted, unit in said.numbers:
            either = {wanted, amount(wanted, unit)}
            places = [i for i, values in enumerate(source.numbers) if either & values]
            if not any(any(sharing[max(0, i - 1) : i + 2]) for i in places):
                return False
        return True

    def _sense_faults(self, said: Claim, source: _Source, best: range) -> list[Fault]:
        """Denied, turned round, or with its names exchanged, against the sentence that was reworded."""
        if not best:
            return []
        told = " ".join(source.sentences[i] for i in best)
        nearest = max(best, key=lambda i: self._share(said.stems, source.stems[i]))
        near = self._share(said.stems, source.stems[nearest] | source.around)
        sentence = source.sentences[nearest]
        faults: list[Fault] = []
        if said.negated and near >= REWORDED and not _denied(said.text) & _denied(told):
            return ["negation"]
        denied = near >= CLOSE and negated(sentence) and _touches(said, sentence)
        hinders = near < REWORDED and bool(_HINDERS.search(told))
        if (said.negated and not (negated(told) or hinders)) or (denied and not said.negated):
            faults.append("negation")
        if near >= CLOSE and turned(said, frozenset(re.findall(r"[a-z]+", sentence.lower()))):
            faults.append("direction")
        if near >= CLOSE and _exchanged(said, sentence, numbers_too=near >= REWORDED):
            faults.append("order")
        return faults


def _source(passage: Passage) -> _Source:
    text = passage.chunk.text
    paper = passage.paper
    places = tuple(spans(text)) or ((0, len(text)),)
    told = tuple(text[start:end] for start, end in places)
    facts = f"{paper.title} {' '.join(paper.authors)} {paper.venue or ''} {paper.year or ''}"
    return _Source(
        text=text.casefold(),
        places=places,
        sentences=told,
        stems=tuple(frozenset(content_words(sentence)) for sentence in told),
        around=frozenset(content_words(f"{facts} {passage.chunk.section}")),
        printed=frozenset(printed(f"{text} {facts}")),
        bounds=bounds(text),
        numbers=tuple(frozenset(value for value, _ in printed(f"{sentence} {facts}")) for sentence in told),
        words=frozenset(words(f"{text} {facts} {passage.chunk.section}")),
        facts=frozenset(words(f"{facts} {passage.chunk.section}")),
    )


def _before(source: _Source, best: range) -> frozenset[str]:
    """The words of some sentences, of those just before them, and of the paper's facts."""
    told = source.sentences[max(0, best[0] - BEFORE) : best[-1] + 1] if best else source.sentences
    return source.facts | frozenset(words(" ".join(told)))


def _number_faults(said: Claim, there: frozenset[tuple[str, str]]) -> list[Fault]:
    values = {value for value, _ in there}
    faults: list[Fault] = []
    for value, unit in said.numbers:
        units = {held for known, held in there if known == value}
        if value not in values:
            if amount(value, unit) not in values:
                faults.append("number")
        elif unit and unit not in units and "" not in units:
            faults.append("unit")
    return list(dict.fromkeys(faults))


def _name_faults(said: Claim, there: frozenset[str], text: str) -> list[Fault]:
    """Names that do not stand `there`, and addresses that stand nowhere in `text`."""
    strange = any(not _stands(name, there) and not _spelled_out(name, text) for name in said.names)
    return ["name"] if strange or any(address not in text for address in said.addresses) else []


def _spelled_out(name: str, text: str) -> bool:
    """Whether a name of odd signs, such as mAP@0.5, stands in `text` as it is."""
    return not name.isalnum() and name.casefold() in text


def _stands(name: str, there: frozenset[str]) -> bool:
    """Whether a name stands among `there`, whole or in all its parts; its plural is the name."""
    parts = words(name)  # the whole last, where there are several
    single = parts[:-1] if len(parts) > 1 else parts
    return parts[-1] in there or all(
        part in there or part.removesuffix("s") in there or f"{part}s" in there for part in single
    )


def _touches(said: Claim, sentence: str) -> bool:
    """Whether what `sentence` denies is what was said: the words right after the denial stand in it."""
    return bool(_denied(sentence) & said.stems)


def _denied(sentence: str) -> set[str]:
    """The stems of the words that follow each denial of a sentence."""
    return {stem for found in _DENIES.finditer(sentence) for stem in content_words(found[1])}


def _exchanged(said: Claim, sentence: str, *, numbers_too: bool) -> bool:
    """Whether two names, or two numbers, of the sentence stand in the claim the other way round.

    "A is beaten by B" says what "B beats A" says, so a claim with another voice is not judged.
    """
    if bool(re.search(r"\b(?:by|than)\b", said.text)) != bool(re.search(r"\b(?:by|than)\b", sentence)):
        return False
    known = [
        found.start()
        for name in said.names
        if said.text.count(name) == 1
        and sentence.count(name) == 1
        and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence))
    ]
    if len(known) > 1 and known != sorted(known):
        return True
    if not numbers_too:
        return False
    mine, theirs = _neighbours(said.text), _neighbours(sentence)
    both = [value for value in mine if value in theirs]
    return any(
        len(mine[one] & theirs[other]) + len(mine[other] & theirs[one])
        > len(mine[one] & theirs[one]) + len(mine[other] & theirs[other])
        for one, other in combinations(both, 2)
    )


def _neighbours(text: str) -> dict[str, set[str]]:
    """For each number that stands once in `text`, the stems of the words near it."""
    tokens = text.split()
    values = [[value for value, _ in numbers(token)] for token in tokens]
    flat = [value for some in values for value in some]
    return {
        value: set(
            content_words(" ".join((*tokens[max(0, at - NEAR) : at], *tokens[at + 1 : at + 1 + NEAR])))
        )
        for at, some in enumerate(values)
        for value in some
        if flat.count(value) == 1
    }
