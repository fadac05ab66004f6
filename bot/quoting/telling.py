"""Which sentence tells most of a paper where it is one of a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.quoting.candidates import Candidate
from bot.quoting.worth import BRINGS, LEANS, PROPOSES, Scale

OWN_WORK = 0.3  # worth of a sentence in which a paper tells what it does itself
TELLING = 0.4  # of one that says what the paper brings, and speaks of what is asked
SPEAKS = 0.3  # it does, with so much of the question's words as the sentence that holds most of them
GOING_ON = 0.3  # taken off, of another that goes on from what stood before: "Afterward, we ..."

_GOES_ON = re.compile(
    r"^\W*(?:additionally|after\w*|also|besides|consequently|finally|further(?:more)?|however|next|second(?:ly)?|"
    r"third(?:ly)?|in\s+(?:addition|detail)|for\s+(?:example|instance)|to\s+be\s+(?:more\s+)?specific)\b",
    re.IGNORECASE,
)


def worth_in_a_list(own: Sequence[Candidate], weigh: Scale) -> Callable[[Candidate], float]:
    """What each of a paper's candidates, `own`, is worth as the one that is shown of it.

    Where it is asked for a detail ("which papers train on an A6000?") a sentence without it tells nothing,
    whatever else it says of the paper.
    """
    least = SPEAKS * max(map(weigh.says, own), default=0.0)

    def worth(candidate: Candidate) -> float:
        value = weigh.worth(candidate) + (OWN_WORK if BRINGS.search(candidate.text) else 0.0)
        if PROPOSES.search(candidate.text):
            return value + (TELLING if weigh.says(candidate) >= least else 0.0)
        goes_on = _GOES_ON.match(candidate.text) or LEANS.match(candidate.text)
        return value - (GOING_ON if goes_on else 0.0)

    return worth
