"""What people say around a question, which neither asks nor names anything: "I swear I saw one". Pure."""

from __future__ import annotations

import re

from bot.words import content_words

_SEEN = (
    r"i\s+(?:have\s+|had\s+)?(?:once\s+)?(?:saw|seen|read|heard)\s+(?:of\s+)?(?:one|it|that|something)"
    r"(?:\s+(?:somewhere|once|here|before))?"
)
_CHATTER = re.compile(
    rf"\bi(?:['’]?m|\s+am)\s+(?:pretty\s+|quite\s+)?sure\s+(?:that\s+)?(?:{_SEEN}|there\s+(?:is|was)\s+one)|"
    rf"\bi\s+(?:swear|think|guess|believe|remember|recall)\s+(?:that\s+)?(?:{_SEEN}|there\s+(?:is|was)\s+one)|"
    rf"\b{_SEEN}(?=\W*$)|\bi\s+(?:swear|think|guess|suppose|believe)(?=\W*$)|"
    r"\b(?:iirc|afaik|imho|imo|btw|lol|pls|plz|thx|asap)\b|"
    r"\bif\s+i\s+(?:remember|recall)\s*(?:right(?:ly)?|correctly|well)?|\bas\s+far\s+as\s+i\s+(?:know|remember|recall)\b|"
    r"\b(?:many\s+)?(?:thanks|thank\s+you)(?:\s+(?:in\s+advance|a\s+lot|so\s+much|very\s+much))?(?=\W*$)|"
    r"\bplease(?=\W*$)|^\W*(?:hey|hi|hello)(?:\s+(?:there|bot|footnote|all|everyone|guys))?\b[\s,!.]+(?=\w)",
    re.IGNORECASE,
)


def without_chatter(text: str) -> str:
    """`text` without it, to search for; `text` itself where nothing else would be left to look for."""
    left = re.sub(r"\s+", " ", _CHATTER.sub(" ", text)).strip(" ,;-–")
    return left if left and content_words(left) else text
