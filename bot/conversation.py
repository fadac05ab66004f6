"""What was said before: remembered per conversation, and used to make a question whole. Never evidence."""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from bot.facts import MEASURED
from bot.models import Turn
from bot.questions.ordinals import ORDINAL, items, place
from bot.words import ASKING, content_words

MAX_TURNS = 6  # remembered of one conversation; older ones never help a follow-up
MAX_CONVERSATIONS = 2_000  # the longest silent is forgotten first
FORGET_AFTER = 3_600.0  # seconds of silence after which a conversation is over
MAX_ANCHOR_WORDS = 24  # words of earlier turns that a search gets; more would drown the question
MAX_SIDE_WORDS = 8  # of what a follow-up compares with something else

_PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|them|their|theirs|he|she|his|her|this|these|those|that\s+(?:one|paper|method|model|"
    r"approach|work|result|dataset|network)|the\s+same|the\s+(?:paper|authors?|method|approach|model|network|work|"
    r"results?|data\s?set|other|latter|former|first|second|third|last|next)(?:\s+(?:one|paper))?)(?=\W|$)",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(?:is|was|does|how\s+is|makes?|would)\s+it\s+(?:true|possible|known|clear|common|mean|that|take\s+to|matter)\b|"
    r"\bthis\s+(?:year|library|bot|collection)\b|\bthese\s+days\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^\W*(?:and|but|so|also|or|what\s+about|how\s+about|what\s+else|anything\s+else|more|why|how\s+come|"
    r"any\s+more|another|others?|compared?\s+(?:to|with)|on\s+(?:what|which)|with\s+(?:what|which)|than)\b",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(r"\b(?:which\s+(?:one|of)|both|all\s+of|each\s+of|one\s+of)\b", re.IGNORECASE)
_NUMBER_OF_ITEM = re.compile(r"^[ \t]*\d+[.)]\s+", re.MULTILINE)
_LABEL = re.compile(r"\(untitled[^()]*\)\s*")  # before a label that stands in for a title
_QUOTED = re.compile(r"[\"“”][^\"“”]+[\"“”]")
_KEY = re.compile(r"\[\d+\]")
_NAME = re.compile(r"\b(?:[A-Z][\w]*[A-Z0-9][\w-]*|[A-Z][\w-]+|\w+-[A-Z]\w*|[a-z]+[A-Z]\w*)")
_SWITCH = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+|ok(?:ay)?\s+)?(?:(?:what|how)\s+about\s+|and\s+)?"
    r"(?!(?:on|in|at|with|for|from|by|to|of|the|what|how|why|when|where|who|which|is|are|does|do|did)\b)(?P<rest>[^?.!,;]{2,60}?)\W*$",
    re.IGNORECASE,
)  # "and ViTamin?", "what about tomatoes?": another subject, or another side of the same
_SETTING = re.compile(r"(?i:\b(?:on|with|using|over|under))\s+(?:the\s+)?(?:[A-Z]\w*[A-Z0-9]|[A-Z]\w+)")
_OF_PAPERS = re.compile(r"\b(?:papers|works|articles|studies|anything|everything)\b", re.IGNORECASE)
_TO_ANOTHER = re.compile(
    r"^\W*(?:and\s+)?(?:how\s+(?:does|do|did|would|is|are)\s+(?:it|they|that|this)\s+(?:compare|differ(?:ent)?)\s+(?:to|with|against|from)|"
    r"compare\s+(?:it|them|that|this)\s+(?:to|with|against|and))\s+(?P<other>[^?.!,;]{2,80}?)\W*$",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|now|but)[\s,]+)*(?:"
    r"(?:now\s+)?(?:for\s+|to\s+)?something\s+(?:else|different|new)(?:\s+(?:entirely|altogether|now))?|"
    r"(?:an?\s+)?(?:different|another|new|unrelated|other)\s+(?:question|topic|subject|matter)|"
    r"(?:let['’]?s\s+)?(?:chang|switch)(?:e|ing)\s+(?:the\s+)?(?:topics?|subjects?)|unrelated(?:ly)?|forget\s+(?:that|it|about\s+(?:that|it)))"
    r"\s*[:.,;!–-]+\s*(?=\w)",
    re.IGNORECASE,
)
_OF_SUBJECT = re.compile(
    r"\b(?:papers?|works?|articles?|studies|anything|something)\s+(?:(?:are|is|there|that|which)\s+)*"
    r"(?:on|about|dealing\s+with|deals?\s+with|concerning|for|using|uses?)\s+(?!(?:that|this|it|them|those|these|him|her)\b)\w",
    re.IGNORECASE,
)  # "which papers are about moles?": whole, however few its words
_DOUBT = re.compile(
    r"^\W*(?:(?:and|but|so|wait|hm+|um+|hey|ok(?:ay)?)\W+)?(?:"
    r"(?:is|was|are|isn['’]?t|does|would|could|can|do\s+you\s+think)?\s*(?:that|this|it|he|she|they)?\s*(?:is|be)?\s*"
    r"(?:really|actually|still|even)?\s*"
    r"(?:true|right|correct|accurate|so|real|legit|false|wrong|hold(?:\s+up)?|the\s+case|really)|"
    r"(?:any\s+|got\s+(?:a\s+)?|what(?:['’]s|\s+is)\s+the\s+)?(?:sources?|evidence|proof|citations?)(?:\s+(?:for|on)\s+(?:that|this|it))?|"
    r"(?:can\s+you\s+|please\s+)*(?:fact[\s-]?check|verify|confirm|check|prove)(?:\s+(?:that|this|it))?"
    r")(?:\s+(?:or\s+not|or\s+(?:false|wrong)|though|please))?\W*$",
    re.IGNORECASE,
)  # "is that true?", "source?": nothing of its own is asked, but what was said is to be looked up
FEW = 2  # content words of a question that is none without what was said before
_SELF_CONTAINED = 6  # content words of a question that names its own subject, unless a pronoun stands in it


def make_whole(text: str, history: Sequence[Turn]) -> str:
    """The question that `text` asks, whole in itself: with the subject of the last turn where it has none.

    A question that names its own subject is returned as it is, so that a changed subject drops the old one.
    A mere doubt asks for what was asked or claimed before.
    """
    if not history:
        return text
    if changed := _NEW_SUBJECT.match(text):
        return text[changed.end() :]
    if doubts(text):
        return make_whole(history[-1].question, history[:-1])
    if not depends(text):
        return text
    if other := _other_subject(text, history[-1].question):
        return other
    if other := _other_side(text, history[-1].question):
        return make_whole(f"compare it with {other}", history[:-1])
    if chosen := _chosen_item(text, history[-1].answer):
        text = asked_of(text, history)
    anchor = chosen or _subject(history)
    if compared := _TO_ANOTHER.search(text):
        return f"Compare {_short(anchor)} and {compared['other']}"
    missing = _new_words(anchor, text)
    return f"{text} ({missing})" if missing else text


def doubts(text: str) -> bool:
    """Whether `text` only asks if what was said before is so; it has no word of its own to look for."""
    return bool(_DOUBT.match(text))


def asked_of(text: str, history: Sequence[Turn]) -> str:
    """What `text` asks, without the words that only point to an item of the last answer: "the second one"."""
    if not history or not _chosen_item(text, history[-1].answer):
        return text
    return re.sub(r"\s+", " ", ORDINAL.sub(" ", text)).strip(" ,;") or text


def depends(text: str) -> bool:
    """Whether `text` cannot be understood without what was said before."""
    if _ELLIPSIS.search(text) or ORDINAL.search(text):
        return True
    if _PRONOUN.search(_EMPTY_IT.sub(" ", text)):
        return not _names_antecedent(text)
    told = content_words(text)
    few = len(told) <= FEW or ASKING.issuperset(told)
    return few and not _NAME.search(MEASURED.sub(" ", text)[1:]) and not _OF_SUBJECT.search(text)


def points_back(text: str) -> bool:
    """Whether `text` says by a pronoun or number that it is about one thing that was said before.

    "Why do tides rise?" begins like a follow-up, and may open another subject.
    """
    pointing = _PRONOUN.search(text) or ORDINAL.search(text)
    return bool(pointing) and depends(text) and not _OF_SEVERAL.search(text)


def chosen_item(text: str, history: Sequence[Turn]) -> str | None:
    """The part of the last answer that "the second one" means; None where `text` chooses none."""
    return _chosen_item(text, history[-1].answer) if history else None


def asked_about(text: str, history: Sequence[Turn], title: str) -> str:
    """`text` made whole with the one paper that it speaks of, `title`, and the question before."""
    missing = _new_words(f"{title} {make_whole(history[-1].question, history[:-1])}", text)
    return f"{text} ({missing})" if missing else text


def to_another(text: str) -> str | None:
    """What `text` wants the last paper compared with: "how does it compare to X?"; None for nothing."""
    found = _TO_ANOTHER.search(text)
    return found["other"] if found else None


def another_named(text: str) -> str | None:
    """The other thing that "and X?" or "what about X?" names; None where it names none."""
    found = _SWITCH.match(text)
    return found["rest"] if found and _is_name(found["rest"]) else None


def _is_name(said: str) -> bool:
    """Whether `said` is no more than a name that can be a subject."""
    return bool(_NAME.fullmatch(said.strip())) and not MEASURED.fullmatch(said.strip())


def _other_subject(text: str, before: str) -> str | None:
    """The question `before`, asked of what "and X?" or "what about X?" names; None where X may be no subject.

    A name after "on" or "with" was a data set or a setting, and another of them leaves the subject as it is.
    """
    found = _SWITCH.match(text)
    if found is None or _PRONOUN.search(found["rest"]):
        return None
    rest = found["rest"]
    if _is_name(rest) and not _SETTING.search(before):
        kept = _NAME.sub(" ", before[:1].lower() + before[1:])
        asked = " ".join(word for word in re.findall(r"[\w-]+", kept) if content_words(word))
        return f"{rest} {asked}".strip()
    if _OF_PAPERS.search(before) and any(not word.isdigit() for word in content_words(rest)):
        return f"papers about {rest}"
    return None


def _other_side(text: str, before: str) -> str | None:
    """What "and X?" names after the question `before`, which compared the same with something else."""
    found = _SWITCH.match(text)
    return found["rest"] if found and _TO_ANOTHER.search(before) and _is_name(found["rest"]) else None


def _short(anchor: str) -> str:
    """The name at the head of an anchor: what stands before its colon, or its first words."""
    head = re.split(r"[:,.]\s", anchor, maxsplit=1)[0]
    return " ".join(head.split()[:MAX_SIDE_WORDS])


def _names_antecedent(text: str) -> bool:
    """Whether a long question brings along the subject that its pronoun stands for: a name before it."""
    pronoun = _PRONOUN.search(text)
    before = text[1 : pronoun.start()] if pronoun else ""
    return len(content_words(text)) >= _SELF_CONTAINED and bool(_NAME.search(before))


def _subject(history: Sequence[Turn]) -> str:
    """What the last turn was about: its question made whole, and the names in its answer."""
    last = history[-1]
    asked = make_whole(last.question, history[:-1])
    return f"{_names(last.answer)} {asked}"


def _names(answer: str) -> str:
    """The start of an answer, which names its subject: its titles, else its first words."""
    plain = _LABEL.sub("", _KEY.sub(" ", _NUMBER_OF_ITEM.sub("", answer)))
    titles = _QUOTED.sub(" ", plain)  # our own quotes are the papers' words, the titles stand outside
    told = titles if len(content_words(titles)) >= 2 else plain
    return " ".join(told.split()[:MAX_ANCHOR_WORDS])


def _chosen_item(text: str, answer: str) -> str | None:
    """The line of the last answer's list, or its paragraph, that "the second one" or "paper 2" means."""
    told = [_LABEL.sub("", _QUOTED.sub(" ", _KEY.sub(" ", item))) for item in items(answer)]
    wanted = place(text)
    return None if wanted is None or not -1 <= wanted < len(told) else told[wanted]


def _new_words(anchor: str, text: str) -> str:
    """The words of `anchor` that mean something and are not in `text`, as they were written."""
    seen = set(content_words(text))
    kept: list[str] = []
    for word in anchor.split():
        stems = set(content_words(word))
        if stems and not stems <= seen:
            kept.append(word.strip(".,;:!?()\"'“”*"))
            seen |= stems
    return " ".join(kept[:MAX_ANCHOR_WORDS])


class Conversations:
    """The last turns of each conversation, in memory only; bounded, and forgotten after a silence.

    Not thread-safe: used from the event loop alone.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: OrderedDict[str, tuple[float, deque[Turn]]] = OrderedDict()

    def history(self, key: str) -> tuple[Turn, ...]:
        """What was said in the conversation `key`, oldest first; () where it is new or over."""
        self._forget_old()
        _, turns = self._turns.get(key, (0.0, ()))
        return tuple(turns)

    def remember(self, key: str, turn: Turn) -> None:
        """Add `turn` to the conversation `key`."""
        self._forget_old()
        _, turns = self._turns.pop(key, (0.0, deque[Turn](maxlen=MAX_TURNS)))
        turns.append(turn)
        self._turns[key] = (self._clock(), turns)
        if len(self._turns) > MAX_CONVERSATIONS:
            self._turns.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop the conversation `key`; nothing happens where there is none."""
        self._turns.pop(key, None)

    def forget_ending(self, ending: str) -> None:
        """Drop every conversation whose key ends so: all that one person said, say."""
        for key in [key for key in self._turns if key.endswith(ending)]:
            del self._turns[key]

    def _forget_old(self) -> None:
        """The conversations stand in the order of their last turn, so the silent ones are at the front."""
        while self._turns:
            key, (last, _) = next(iter(self._turns.items()))
            if self._clock() - last <= FORGET_AFTER:
                return
            del self._turns[key]
