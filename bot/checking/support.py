"""Does a passage say what a sentence claims? By its words, and by all that a reader would check. Pure.

A sentence has support where the passage holds most of its words close together, every number with its unit,
every name, and denies nothing that the sentence affirms, nor the other way round.

Embeddings have no say in it. Of sentences that fail by their words alone, the likeness to the best one or
two sentences of the passage does not tell retold ones from plausible inventions (AUC .71): it tells what a
sentence is about, not what it says. The measurement is in benchmarks/answers.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.checking.claims import Claim, claim, negated, turned
from bot.checking.clauses import of_another_clause, one_of_many, points_back
from bot.checking.figures import number_faults, stands, unlimited
from bot.checking.numerals import in_facts, numbers, printed
from bot.checking.rounded import bounds
from bot.checking.sense import denied, exchanged, hinders, other_subject, says_otherwise, touches, widens
from bot.quoting.readable import shown
from bot.words import content_words, inverse_frequency
from retrieval.analysis import words
from retrieval.models import Passage
from retrieval.sentences import spans

_T = TypeVar("_T")
Fault = Literal["words", "number", "unit", "name", "negation", "direction", "order"]

IN_PASSAGE = 0.45  # of the weight of a sentence's words, in the passage or its paper's title
IN_SPAN = 0.35  # the same within WINDOW sentences of it
WINDOW = 3  # sentences of a passage that one sentence may be drawn from
REWORDED = 0.85  # of the words in these sentences: they say the same, and must hold numbers and names too
BEFORE = 2  # sentences before those, in which a name may stand that they speak of
TOLD = 3  # content words beside a title; with fewer a sentence only names the paper
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

    title: str
    text: str  # in small letters
    places: tuple[tuple[int, int], ...]
    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]  # of each sentence
    around: frozenset[str]  # stems of title and section
    printed: frozenset[tuple[str, str]]
    bounds: frozenset[tuple[str, str]]
    numbers: tuple[frozenset[tuple[str, str]], ...]  # in each sentence
    goes_on: tuple[int, ...]  # for each sentence, the last one that goes on about it: "It needs 18 ms."
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
        self._claims: dict[str, Claim] = {}
        self._seen: dict[tuple[str, int], Support] = {}

    def __len__(self) -> int:
        return len(self._sources)

    def support(self, sentence: str, number: int) -> Support:
        """How well passage `number`, from 1, supports `sentence`, which has no footnote marks."""
        key = (sentence, number)
        if key not in self._seen:
            source = self._sources[number - 1]
            said = _without_counting_title(sentence, source.title)
            if said not in self._claims:
                self._claims[said] = claim(said)
            self._seen[key] = self._judge(self._claims[said], source)
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
        faults = (*number_faults(said, values), *_name_faults(said, there, text))
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

    def _either(self, said: Claim, present: frozenset[str]) -> float:
        """The share of the claim's words, its numbers among them or not: "1e-4" may be printed as 0.0001."""
        return max(self._share(said.stems, present), self._share(said.worded, present))

    def _judge(self, said: Claim, source: _Source) -> Support:
        share = self._either(said, frozenset().union(*source.stems, source.around))
        best, within = self._window(said.stems, source.stems, source.around)
        span = (source.places[best[0]][0], source.places[best[-1]][1]) if best else (0, 0)
        faults: list[Fault] = []
        held = self._either(said, _together(source.stems, best.start, best.stop) | source.around)
        if share < IN_PASSAGE or held < IN_SPAN:
            faults.append("words")
        faults += number_faults(said, source.printed)
        if said.numbers and not faults and not self._numbers_in_place(said, source):
            faults.append("number")
        if not faults and best and _of_others(said, source, best):
            faults.append("number")
        near = _before(source, best) if within >= REWORDED else source.words
        faults += _name_faults(said, near, source.text)
        faults += self._sense_faults(said, source, best)
        faults += ["direction"] if unlimited(said, source.bounds, source.printed) else []
        return Support(share, span, tuple(faults))

    def _window(
        self, wanted: frozenset[str], told: Sequence[frozenset[str]], around: frozenset[str] = frozenset()
    ) -> tuple[range, float]:
        """The sentences in a row that hold most of the words, as few as do, with what is known `around`."""
        best, most = range(0), -1.0
        for size in range(1, WINDOW + 1):
            for start in range(len(told) - size + 1):
                held = self._share(wanted, _together(told, start, start + size) | around) - 0.02 * size
                if held > most:
                    best, most = range(start, start + size), held
        return best, most + 0.02 * len(best)

    def _numbers_in_place(self, said: Claim, source: _Source) -> bool:
        """Whether each number stands where the rest does.

        Where some sentences were reworded, that is among them and those that go on about them, or among as
        many others that hold the words as well; else in a sentence, or beside one, that shares a word.
        """
        alone, within = self._window(said.worded, source.stems)
        if within < REWORDED:  # then by the title's words, too
            alone, within = self._window(said.worded, source.stems, source.around)
        if within >= REWORDED:
            size = len(alone)
            there = [
                _together(source.numbers, start, source.goes_on[start + size - 1] + 1)
                for start in range(len(source.stems) - size + 1)
                if self._share(said.worded, _together(source.stems, start, start + size) | source.around)
                >= REWORDED
            ]
            return any(all(stands(said, *number, values) for number in said.numbers) for values in there)
        sharing = [bool(stems & said.stems) for stems in source.stems]
        return all(
            any(
                any(sharing[max(0, i - 1) : i + 2])
                for i, values in enumerate(source.numbers)
                if stands(said, *number, values)
            )
            for number in said.numbers
        )

    def _sense_faults(self, said: Claim, source: _Source, best: range) -> list[Fault]:
        """Denied, turned round, or with its names exchanged, against the sentence that was reworded."""
        if not best:
            return []
        told = " ".join(source.sentences[i] for i in best)
        nearest = max(best, key=lambda i: self._share(said.stems, source.stems[i]))
        wanted = said.stems - frozenset(content_words(" ".join(said.names)))  # names are looked for elsewhere
        near = self._share(wanted or said.stems, source.stems[nearest] | source.around)
        sentence = source.sentences[nearest]
        faults: list[Fault] = []
        reworded = near >= REWORDED
        if said.negated and reworded and not denied(said.text) & denied(told):
            return ["negation"]
        otherwise = not reworded and says_otherwise(said.text)
        affirmed = near >= CLOSE and negated(sentence) and touches(said, sentence) and not said.negated
        if said.negated and not negated(told) and (reworded or not hinders(told)):
            faults.append("negation")
        if (affirmed and not otherwise) or (reworded and widens(said.text, sentence)):
            faults.append("negation")
        if (
            near >= CLOSE
            and not otherwise
            and turned(said, frozenset(re.findall(r"[a-z]+", sentence.lower())))
        ):
            faults.append("direction")
        odd = other_subject(said, sentence)
        if odd and self._share(said.stems - odd, source.stems[nearest]) >= REWORDED:
            faults.append("name")
        if near >= CLOSE and exchanged(said, sentence, numbers_too=reworded):
            faults.append("order")
        return faults


def _without_counting_title(sentence: str, title: str) -> str:
    """`sentence` without `title`, where that has a number: "Think Twice: ..." counts nothing."""
    if not numbers(title):
        return sentence
    rest = re.sub(rf"\W*{re.escape(title)}\W*", " ", sentence, flags=re.IGNORECASE).strip()
    return rest if len(content_words(rest)) >= TOLD else sentence


def _unmarked(text: str) -> str:
    """`text` without the paper's own citation marks, whose numbers count nothing."""
    return shown(text) if "[" in text else text


def _together(sets: Sequence[frozenset[_T]], start: int, end: int) -> frozenset[_T]:
    return frozenset().union(*sets[start:end])


def _source(passage: Passage) -> _Source:
    text = passage.chunk.text
    paper = passage.paper
    places = tuple(spans(text)) or ((0, len(text)),)
    told = tuple(text[start:end] for start, end in places)
    facts = f"{paper.title} {' '.join(paper.authors)} {paper.venue or ''} {paper.year or ''}"
    dated = in_facts(facts)
    numbered = tuple(frozenset(printed(_unmarked(sentence)) | dated) for sentence in told)
    return _Source(
        title=paper.title,
        text=text.casefold(),
        places=places,
        sentences=told,
        stems=tuple(frozenset(content_words(sentence)) for sentence in told),
        around=frozenset(content_words(f"{facts} {passage.chunk.section}")),
        printed=frozenset().union(*numbered),
        bounds=bounds(text),
        numbers=numbered,
        goes_on=tuple(n + (n + 1 < len(told) and points_back(told[n + 1])) for n in range(len(told))),
        words=frozenset(words(f"{text} {facts} {passage.chunk.section}")),
        facts=frozenset(words(f"{facts} {passage.chunk.section}")),
    )


def _of_others(said: Claim, source: _Source, best: range) -> bool:
    """Whether a number of the claim belongs to something else in the sentences `best`, or one beside them."""
    told = source.sentences[max(0, best[0] - 1) : best[-1] + 2]
    subject = (
        f"{source.title} {' '.join(source.sentences[max(0, best[0] - 1 - BEFORE) : max(0, best[0] - 1)])}"
    )
    misplaced = bool(said.numbers) and of_another_clause(said.text, told, subject)
    return misplaced or one_of_many(said.text, told)


def _before(source: _Source, best: range) -> frozenset[str]:
    """The words of some sentences, of those just before them, and of the paper's facts."""
    told = source.sentences[max(0, best[0] - BEFORE) : best[-1] + 1] if best else source.sentences
    return source.facts | frozenset(words(" ".join(told)))


def _name_faults(said: Claim, there: frozenset[str], text: str) -> list[Fault]:
    """Names that do not stand `there`, and addresses that stand nowhere in `text`."""
    strange = any(not _stands(name, there) and not _spelled_out(name, text) for name in said.names)
    return ["name"] if strange or any(address not in text for address in said.addresses) else []


def _spelled_out(name: str, text: str) -> bool:
    """Whether a name of odd signs, such as mAP@0.5, or one that is no word, stands in `text` as it is."""
    return not (name.isalnum() and words(name)) and (
        name.casefold() in text or name.casefold().replace("-", "@") in text
    )


def _stands(name: str, there: frozenset[str]) -> bool:
    """Whether a name stands among `there`, whole or in all its parts; its plural is the name."""
    parts = words(name)  # the whole last, where there are several; none of what is longer than any word
    if not parts:
        return False
    single = parts[:-1] if len(parts) > 1 else parts
    return parts[-1] in there or all(
        part in there or part.removesuffix("s") in there or f"{part}s" in there for part in single
    )
