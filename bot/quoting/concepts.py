"""Which words answer for which: who asks whether a method is fast, reads of its speed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.words import content_words

_GROUPS = """
fast faster fastest speed speedup latency fps throughput runtime quick quicker slow slower time inference
slowest slow slower fast fastest speed
dataset datasets data benchmark benchmarks corpus
limitation limitations limit limited drawback drawbacks weakness weaknesses shortcoming fail sensitive
gpu gpus hardware nvidia card machine
accuracy performance result score
big bigger biggest size large larger largest small smaller smallest parameters params million memory
pretrained pretraining initialized initialization checkpoint
caption captions captioner captioning
picture image images photo photos photograph
stop prevent avoid suppress
llm gpt chatgpt language
purpose aim goal
net nets network networks
film films movie movies video videos clip clips
overfit overfitting generalize generalization
cost expensive cheap budget overhead
annotation annotate label labelled annotator
car cars vehicle vehicles automobile
people person participant volunteer voter rater subject human user
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

DEGREES = frozenset(
    content_words(
        "big bigger biggest large larger largest small smaller smallest fast faster slow slower quick"
    )
)
"""Words that say how much of something there is, and stand before other things too."""

_SHORT = """
ai artificial intelligence
cnn convolutional
gan adversarial
gnn graph
gpu graphics
llm language model
lm language model
mllm language model
mlp perceptron
nerf radiance
nlp language
ood distribution
ocr text
rl reinforcement
rnn recurrent
sd diffusion
slam localization mapping
sota state art
ssl supervised
vae variational
vit transformer
vlm language
vqa question
"""

ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    short: tuple(rest) for short, *rest in (line.split() for line in _SHORT.strip().splitlines())
}
"""Words that all stand in a text where it spells out an abbreviation that everybody knows."""
