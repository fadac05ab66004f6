"""Which words answer for which: who asks whether a method is fast, reads of its speed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.words import content_words

_GROUPS = """
fast faster speed speedup latency fps throughput runtime quick quicker slow slower time inference
dataset datasets data benchmark benchmarks corpus
limitation limitations limit limited drawback drawbacks weakness weaknesses shortcoming fail sensitive
gpu gpus hardware nvidia card machine
accuracy performance result score
big size large parameters params million memory
pretrained pretraining initialized initialization checkpoint
caption captions captioner captioning
picture image images photo photos photograph
stop prevent avoid suppress
llm gpt chatgpt language
purpose aim goal
overfit overfitting generalize generalization
cost expensive cheap budget overhead
annotation annotate label labelled annotator
"""


def _related() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        stems = frozenset(stem for word in line.split() for stem in content_words(word))
        for stem in stems:
            found[stem] = found.get(stem, frozenset()) | (stems - {stem})
    return found


RELATED = _related()
"""For a stem, the stems that may stand in its place in an answer. Words of asking, not of any field."""
