"""Question -> Route: how it will be answered, and what is searched for. Pure, fast, no model.

A wrong guess must cost little: an unsure question is routed as a plain question over all papers.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation import make_whole
from bot.models import Question, Route, RouteKind
from bot.questions.chatter import without_chatter
from bot.questions.restrictions import merge, restrictions, without_restrictions
from bot.questions.sides import differing
from bot.words import content_words
from retrieval.models import Filters

# Greetings, thanks, farewells, insults, wishes for a joke. Held against text in small letters without signs.
_SMALL_TALK = re.compile(
    r"\b(?:hi|hiya|hello|hey|yo|good\s+(?:morning|evening|afternoon|day|night)|thanks?|thank\s+you|thx|ty|cheers|"
    r"bye|goodbye|see\s+you|ok(?:ay)?|cool|great|nice|awesome|perfect|lol|haha+|welcome|"
    r"how\s+are\s+you|what'?s\s+up|sup|farewell|good\s*bye|see\s+(?:you|ya)|later|"
    r"(?:you\s+(?:are|re)|you'?re)\s+(?:an?\s+)?(?:\w+\s+)?(?:stupid|dumb|useless|idiot|silly|bad|terrible|awful|wrong|funny|smart)|"
    r"(?:stupid|dumb|useless|bad|shut\s+up|idiot|fuck\s+(?:you|off)|damn|"
    r"tell\s+(?:me|us)\s+(?:a|another)\s+(?:\w+\s+)?(?:joke|story)|make\s+me\s+laugh|say\s+(?:hi|hello|something))|"
    r"well\s+done|good\s+(?:bot|job|work|answer|one)|(?:nice|great)\s+(?:job|work|answer|one)|love\s+(?:it|you))\b"
)
# What may stand beside small talk: "thanks a lot bot". With any other word in it, a text is a question.
_FILLER = re.compile(
    r"\b(?:there|footnote|bot|you|u|so|very|much|a|lot|again|everyone|all|for|the|that|your|help|answer|job|"
    r"today|doing|that'?s|it|was|is|really|helpful|mate|friend|guys|folks|this|morning|oh|ah|and|man|works?)\b"
)
# The whole of a call for help: "what can you do?".
_HELP = re.compile(
    r"^(?:/?help(?:\s+me)?|(?:please\s+)?help|what\s+can\s+(?:you|i|this\s+bot)\s+(?:do|ask)(?:\s+(?:you|here))?|"
    r"how\s+do(?:es)?\s+(?:you|i|this(?:\s+bot)?|footnote)\s+(?:work|use\s+(?:you|this|it|footnote)(?:\s+bot)?)|"
    r"who\s+(?:are|made)\s+you|what\s+(?:are\s+you|is\s+footnote|is\s+this(?:\s+bot)?)|commands|usage)$"
)
# About the library itself: "how many papers are there?", "list all titles".
_LIBRARY = re.compile(
    r"\bhow\s+(?:many|large|big|much)\b[^?]{0,40}?\b(?:papers|articles|publications|library|collection|catalogue|corpus)\b|"
    r"\b(?:list|show|name)\s+(?:me\s+)?(?:all|every)\s+(?:the\s+|your\s+|of\s+the\s+)?(?:papers|titles)\b|"
    r"\bwhat(?:'s|\s+is)?\s+(?:papers\s+(?:do\s+you|are\s+there|have)|in\s+(?:the|your|this)\s+(?:library|collection|catalogue))|"
    r"\b(?:which|what)\s+(?:papers|years|venues|conferences)\s+(?:do\s+you\s+(?:have|know|hold)|are\s+(?:there\s+)?in\s+(?:the|your)\s+(?:library|collection|catalogue))",
    re.IGNORECASE,
)
_OF_LIBRARIES = """
library collection catalogue corpus database list titles year venue conference hold contain include total
large big available store index entry
"""
_LIBRARY_WORDS = frozenset(content_words(_OF_LIBRARIES))
# "A vs B", "the difference between A and B". "vs when it rains" parts cases, not papers.
_COMPARES = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|versus|contrast(?:s|ed|ing)?|differences?|differs?|as\s+opposed\s+to|side\s+by\s+side|"
    r"which\s+(?:one\s+)?is\s+(?:which|better|faster))\b|"
    r"\bvs\b\.?(?!\s+(?:when|if|with|without|w/|on|in|at|after|before)\b)",
    re.IGNORECASE,
)
# What a paper compares, which is a fact of it: "which metric is used to compare", "versus prior work".
_COMPARED_IN_A_PAPER = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|which|what)\b[^?.:]*\bto\s+compare\b|"
    r"\b(?:do|does|did)\s+(?:the\s+|their\s+)?(?!(?:two|three|both|papers|methods|approaches|models|ones)\b)[\w-]+"
    r"(?:\s+(?:papers?|authors?|work))?\s+compare\b(?!\s+(?:to|with|and|against)\b)|"
    r"\b(?:vs\b\.?|versus|compared\s+(?:to|with)|differ\w*\s+(?:to|from)|against)\s+(?:the\s+|an?\s+|its\s+|their\s+|other\s+)?"
    r"(?:[\w-]+\s+)?(?:baselines?|chance|random|others?|prior|previous|existing|sota|state[\s-]of[\s-]the[\s-]art|humans?|"
    r"ground[\s-]truth)\b",
    re.IGNORECASE,
)
# What shows that two things are meant where something is compared: "both", "or", two names.
_TWO_PAPERS = re.compile(
    r"\b(?:two|three|four|both|between|versus|papers|methods|approaches|models|or)\b|\bvs\b|\bone\b.*\bthe\s+other\b|"
    r"\band\s+the\b|(?-i:[A-Z]\w*[A-Z0-9]\w*|[A-Z]\w+-[A-Z]\w*)\s+(?:compared\s+)?(?:and|to|with|from)\s+(?-i:[A-Z])",
    re.IGNORECASE,
)
# "Do these papers each use radar?", "A and B: which one is faster?"
_EACH = re.compile(
    r"\b(?:papers|methods|approaches)\b.*\b(?:each|both|respectively|the\s+other)\b|"
    r"\bor\b.*\b(?:in|of|does|do|by)\s+each\b|\band\b[^?:]*[:,–-]\s*which\s+(?:one|of\s+(?:them|these|the\s+two))\b|"
    r"\b(?:out\s+of|among|between|of)\s+the\s[^?]*\band\s[^?]*\bpapers\b",
    re.IGNORECASE,
)
_PAPER = r"(?:papers?|articles?|preprints?|publications?|studies|literature)"
# Papers are looked for: "any papers on moles?", "who proposed tunnels?", "stuff about rain".
_FINDS = re.compile(
    rf"\b(?:which|what|any|some|find|recommend|suggest|list|show|looking\s+for|search\s+for|is\s+there|are\s+there|there\s+was|"
    rf"name\s+of(?:\s+the)?|title\s+of)\s+(?:\S+\s+){{0,4}}?(?:{_PAPER}|works?|research)\b|"
    rf"^\W*(?:\S+\s+){{0,5}}?{_PAPER}\s+(?:that|which|where|on|about|re-?\w+ing|\w+ing|with|for|from|in|at|by|of)\b|"
    rf"\bhow\s+many\s+(?:\S+\s+){{0,3}}?{_PAPER}\b|\b(?:everything|all)\s+(?:on|about|that|for|with)\b|"
    rf"\bpapers\s+(?:that|which|where|on|about|dealing|doing|for|using|with)\b|\b{_PAPER}\W*$|"
    r"\b(?:anything|something|stuff|work)\s+(?:on|about|that|for|with)\b|\bstuff\W*(?:$|\()|\bgot\s+any(?:thing)?\b|"
    r"\bwhat\s+(?:do|have)\s+(?:we|you)\s+(?:have|got)\b|\bwhat'?s\s+there\b|\bwhich\s+ones?\s*\?|\bfull\s+title\b|"
    r"\bwho\s+(?:works?|worked|is\s+working|proposed|proposes|introduced|came\s+up|invented|studies|studied|uses?|used)\b|"
    r"\b(?:has|did|does)\s+any(?:one|body)\b|\bi\s+saw\b|\bany\s+work\b|\bpapers\s*\(",
    re.IGNORECASE,
)
# A paper is named, and a fact of it asked for: "what is the rate in the HedgeNet paper?"
_FACT_OF_A_PAPER = re.compile(
    rf"\b(?:in|of|for|from|by|does|do|did|is|are|once|that|with|per|about|when|according\s+to)\s+(?:the|this|that)\s+(?:[\w'’/+&.-]+\s+){{0,9}}?"
    rf"{_PAPER}\b|^\W*the\s+(?:[\w'’/+&.-]+\s+){{1,9}}?paper\s*[:,]|"
    r"\b(?:does|do|did|will|would|can|could)\s+(?!(?:any|some|we|you|i|they)\w*\b)(?:[\w'’/+&.-]+\s+){1,6}?work\s+(?:on|with|for|in)\b",
    re.IGNORECASE,
)
# A paper is asked for after all, though another one is named: "which paper goes with the HedgeNet paper?"
_ASKS_PAPER = re.compile(
    rf"\b(?:which|what|any|name\s+of(?:\s+the)?|title\s+of)\s+(?:[\w/-]+\s+){{0,2}}?{_PAPER}\b", re.IGNORECASE
)
# Something is asked: by a question word anywhere, or a verb at the beginning.
_QUESTION_WORD = re.compile(
    r"\b(?:how|what|what's|whats|why|when|where|which|who|whom|whose)\b|"
    r"^\W*(?:so|and|but|ok)?\s*(?:does|do|did|is|are|was|were|can|could|has|have|had|should|would|will)\b",
    re.IGNORECASE,
)
# A question word behind a preposition, which joins no clause where it begins: "by how much ...?"
_BEGINS = re.compile(
    r"^\W*(?:(?:so|and|but|ok)\s+)?(?:by|on|in|at|to|for|with|from|of|under|over)\s+(?:how|what|which|whose|whom)\b",
    re.IGNORECASE,
)
# A wish to be told of one thing with a name, which is no search: "explain HedgeNet".
_TELL = re.compile(
    r"^\W*(?:please\s+|can\s+you\s+)?(?:explain|summari[sz]e|describe|tl;?dr|(?:give\s+(?:me\s+)?)?(?:an?\s+)?(?:short\s+)?(?:summary|overview)\s+of)\b"
    r"(?=.*(?-i:[A-Z]))",
    re.IGNORECASE,
)
# A verb, a person or a mention: who writes these gives no bare subject.
_SAYS = re.compile(r"\b(?:is|are|was|were|do|does|did|can|has|have|i|me|my|you|your)\b|@", re.IGNORECASE)
# Something to be told in a word or a figure: with it, even a text without a verb asks for a fact.
_MEASURE = re.compile(
    r"\b(?:number|numbers|size|sizes|accuracy|acc|precision|recall|mi?ou|m?ap\d*|psnr|ssim|lpips|auc\w*|au-?roc|f1|fid|fvd|epe|cider|"
    r"limitations?|weakness(?:es)?|drawbacks?|contributions?|"
    r"bleu|rouge|dice|rmse|mpjpe|[af]de|wer|scores?|ratings?|rank-?1|top-?\d|pro|pq|hota|mota|error|rate|gain|defaults?|stats?|statistics|inputs?|budget|licen[cs]e|"
    r"speed|fps|latency|parameters|params|gflops|flops|results?|performance|runtime|(?:run|training|inference)[\s-]+time|dataset\s+of|mechanism|purpose|definition)\b",
    re.IGNORECASE,
)
# Words that join clauses and ask nothing: "papers that ...", "networks which ...".
_RELATIVE = re.compile(
    r"(?<=\w)\s(?:which|that|who|where|when)\s+(?!did|does|do\b)|\b(?:by|on|to)\s+(?:how|what)\b|\bsomeone\b|"
    r"(?<=\w\s)(?:what|where|how|when|who)\s+(?!(?:did|does|do|is|are|was|were|many|much|long|big|large|fast)\b)",
    re.IGNORECASE,
)
# "Which papers have code?", of no subject.
_HAS_CODE = re.compile(
    r"\b(?:papers|articles|works)\s+(?:here\s+)?(?:that\s+|which\s+)?(?:have|has|with|come\s+with|release|released|provide|publish|published)\s+"
    r"(?:\w+\s+){0,2}?(?:code|source\s+code|repo(?:sitory|s)?|project\s+pages?)(?:\s+available|\s+online)?\W*$",
    re.IGNORECASE,
)
OF_THE_WHOLE = "what does this paper propose?"  # asked of a paper of which no more is said than its DOI
TOPIC = 3  # content words at most of a bare subject
_DESCRIPTION = 5  # content words of a sentence without a question word that describes a paper
# "Only those", "which of them are": what is left of a follow-up that only narrows, without its restriction.
_NARROWS = re.compile(
    r"\W*(?:and|but|so|ok|now|or|what about|how about)?\W*(?:which|what|any|only|just|show me)?\s*(?:of\s+)?"
    r"(?:them|these|those|the\s+ones|ones)?\s*(?:are|is|was|were)?\s*(?:published|there)?\W*",
    re.IGNORECASE,
)
# "And 2023?"
_ANOTHER_YEAR = re.compile(
    r"(?P<lead>\W*(?:and|or|only|just|(?:what|how)\s+about)\s+)(?:in\s+|for\s+)?(?P<year>(?:19|20)\d\d)\W*",
    re.IGNORECASE,
)


def route(question: Question, *, no_author: str | None = None) -> Route:
    """How `question` will be answered: its kind, the whole question, and its filters.

    `no_author` is what its words seem to call an author, and is none.
    """
    text = question.text.strip()
    if question.history and (year := _ANOTHER_YEAR.fullmatch(text)):
        text = f"{year['lead']}the ones from {year['year']}"
    worded, rest = restrictions(text), without_restrictions(text)
    if worded.author == no_author:
        worded = replace(worded, author=None)
    if question.history and worded and _NARROWS.fullmatch(rest):
        narrower = _narrowed(question, worded, no_author)
        if narrower.kind not in ("help", "smalltalk", "library"):
            return narrower
    unsearched = _without_search(text)
    if unsearched is not None:
        return Route(unsearched, text, question.filters)
    filters = merge(question.filters, worded)
    if worded.paper:
        return Route("question", without_chatter(rest) if content_words(rest) else OF_THE_WHOLE, filters)
    whole = make_whole(without_chatter(rest or text), question.history)
    kind = _kind(text, rest, worded)
    if kind == "question" and whole.startswith("Compare ") and whole != text:
        kind = "compare"
    elif kind == "question" and whole.startswith("papers about "):
        kind = "find"
    if kind == "question" and not question.history and is_topic(text) and not _SAYS.search(text):
        kind = "find"  # a bare subject, with nothing said before that it could belong to
    return Route(kind, whole, filters)


def _narrowed(question: Question, worded: Filters, no_author: str | None) -> Route:
    """The question before, of fewer papers: "only those from 2024", which states the filters `worded`."""
    before = Question(question.history[-1].question, history=question.history[:-1])
    asked = route(before, no_author=no_author)
    narrower = merge(merge(question.filters, worded), asked.filters)
    return replace(asked, filters=narrower)


def _without_search(text: str) -> RouteKind | None:
    """The kinds that need no search; None for all others."""
    plain = re.sub(r"[^\w\s'/]", " ", text.casefold()).strip()
    if not plain or _HELP.match(re.sub(r"\s+", " ", plain)):
        return "help"
    if _SMALL_TALK.search(plain) and not _FILLER.sub(" ", _SMALL_TALK.sub(" ", plain)).strip():
        return "smalltalk"
    return None


def _kind(text: str, rest: str, filters: Filters) -> RouteKind:
    """The kind of a question for the library; `filters` are what it states, `rest` is it without them."""
    if (
        _about_library(text, rest, filters.author)
        or _HAS_CODE.search(rest)
        or _only_restricts(text, rest, filters)
    ):
        return "library"
    if filters.author:
        return "author"
    named = _COMPARED_IN_A_PAPER.sub(" ", text)
    if (_COMPARES.search(named) and _TWO_PAPERS.search(named)) or _EACH.search(text) or differing(named):
        return "compare"
    return "find" if _asks_for_papers(text) or (filters and _describes(text, 2)) else "question"


def asks_for_code(text: str) -> bool:
    """Whether `text` asks which papers of the library have code, of no subject."""
    return bool(_HAS_CODE.search(without_restrictions(text)))


def _about_library(text: str, rest: str, author: str | None) -> bool:
    """Whether `text` asks for the library itself: its size or its list, and for no subject."""
    if not _LIBRARY.search(text):
        return False
    return set(content_words(rest)) - set(content_words(author or "")) <= _LIBRARY_WORDS


def _only_restricts(text: str, rest: str, filters: Filters) -> bool:
    """Whether `text` asks for the papers of some years or a venue, of any subject: "papers from 2023"."""
    return bool(filters) and not filters.author and _asks_for_papers(text) and not content_words(rest)


def _asks_for_papers(text: str) -> bool:
    """Whether `text` asks for papers rather than for a fact of one of them."""
    if _FACT_OF_A_PAPER.search(text) and not _ASKS_PAPER.search(text):
        return False
    return bool(_FINDS.search(text)) or _describes(text, _DESCRIPTION)


def _describes(text: str, least: int) -> bool:
    """Whether `text` asks nothing but describes what a paper does, in at least `least` content words."""
    return not _asks(text) and len(content_words(text)) >= least


def is_topic(text: str) -> bool:
    """Whether `text` is no more than a subject, with or without "papers on": it asks nothing of it."""
    return not _asks(text) and 1 <= len(content_words(text)) <= TOPIC


def _asks(text: str) -> bool:
    asked = _BEGINS.search(text) or _TELL.search(text) or _QUESTION_WORD.search(_RELATIVE.sub(" ", text))
    return bool(asked or _MEASURE.search(text))
