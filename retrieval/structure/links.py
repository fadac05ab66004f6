"""A paper's code or project page, and its venue and year, where text or file name give them."""

from __future__ import annotations

import re

from retrieval.text_repair.junk import STAMP

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”‘’{}|\\^`*∗†‡§]+"
    r"|\b(?:github\.com|gitlab\.com|huggingface\.co)/[^\s<>\"“”{}|\\^`*∗†‡§]+"
    r"|(?<![\w-])[\w-]{1,60}+(?:\.(?!github\.io)[\w-]{1,60}+){0,3}\.github\.io(?:/[^\s<>\"”*∗†‡§]*)?"
)
_SPACED = re.compile(r"^(https?://\S+(?: [\w-]+)+/)$", re.MULTILINE)
_LINE_END = re.compile(r"(?<!\S)(\S++)\n(?=\S)")
_ADDRESS = re.compile(r"https?://|www\.")
_OWN = re.compile(
    r"\b(?:code|codes|project|dataset|data|models?|website|webpage|page|demo|available|released?|github"
    r"|implementation|repository|homepage|benchmark|video|results)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:our|the|source|project|code|codes|all|and)\b[^.]{0,80}"
    r"\b(?:code|page|website|dataset|data|models?|available|released?|found|project|benchmark)\b"
    r"|(?:^|\n)\W*\d?\s*(?:code|codes|project|data|dataset|website|github|demo|page)\b",
    re.IGNORECASE,
)
_HOSTS = re.compile(r"github\.com/[^/]+/[^/]+|\.github\.io|gitlab\.com/|huggingface\.co/|bitbucket\.org/")
_FOREIGN = re.compile(
    r"arxiv\.org|doi\.org|openreview\.net|creativecommons|ieee\.org|acm\.org|thecvf|springer"
)
_RUN_ON = re.compile(
    r"[.,;](?:Acknowledg\w*|Equal|Corresponding|This|We|The|Our|In|Work|Introduction|References|Project|Code)\b.*$"
)
_VENUES = (
    "CVPR|ICCV|ECCV|WACV|BMVC|ACCV|NeurIPS|NIPS|ICML|ICLR|AAAI|IJCAI|ACL|EMNLP|NAACL|EACL|COLING|SIGGRAPH|KDD"
    "|WWW|SIGIR|CIKM|RecSys|ICRA|IROS|CoRL|RSS|INTERSPEECH|ICASSP|MICCAI|AISTATS|UAI|COLT|CHI|TMLR|JMLR|3DV"
)
_FILE_VENUE = re.compile(rf"(?:^|[_\W])({_VENUES})[_\W]?((?:19|20)\d\d)(?=[_\W]|$)", re.IGNORECASE)
_FILE_YEAR_FIRST = re.compile(rf"(?:^|[_\W])((?:19|20)\d\d)[_\W]?({_VENUES})(?=[_\W]|$)", re.IGNORECASE)
_WATERMARK_VENUE = re.compile(r"This ([A-Z]{3,8})(?: (\d{4}))?(?: \w+)? paper is the Open Access version")
_PUBLISHED = re.compile(
    rf"(?:published|accepted|appears?|presented|proceedings|conference|workshop)[^.\n]{{0,90}}?"
    rf"\(?\b({_VENUES})\)?,?\s?['’]?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"^[ \t]*(?:Under review|Submitted)\b[^\n]*", re.MULTILINE)
_HEAD = 8000  # characters: the first page and a bit
_BARE = re.compile(rf"\b({_VENUES})[ ,’']{{1,2}}((?:19|20)\d\d)\b", re.IGNORECASE)
_JOURNAL_LINE = re.compile(
    r"\W*(?:published in:? +)?([^\d,(]{6,90}?)(?:,[^\n]{1,40}?)?[, (]+((?:19|20)\d\d)\W*", re.IGNORECASE
)
_JOURNAL = re.compile(
    r"\b(?:Journal|Transactions|Letters|Annals|Magazine|Bulletin|Acta|Nature|Science|Reviews?)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(["of", "the", "and", "in", "on", "for", "&", "de", "der", "la", "et"])
_JOURNAL_HEAD = 1000  # characters in which a journal's line is looked for
_ARXIV = re.compile(r"arXiv:\d{4}\.\d{4,5}(?:v\d+)?\s+\[[\w.-]+\]\s+\d{1,2} \w{3} (\d{4})")
_LONG_NAMES = {
    "neural information processing systems": "NeurIPS",
    "learning representations": "ICLR",
    "conference on machine learning": "ICML",
    "computer vision and pattern recognition": "CVPR",
    "applications of computer vision": "WACV",
    "european conference on computer vision": "ECCV",
    "asian conference on computer vision": "ACCV",
    "international conference on computer vision": "ICCV",
    "british machine vision": "BMVC",
    "aaai conference": "AAAI",
    "joint conference on artificial intelligence": "IJCAI",
    "uncertainty in artificial intelligence": "UAI",
    "artificial intelligence and statistics": "AISTATS",
    "empirical methods in natural language": "EMNLP",
    "north american chapter of the association for computational": "NAACL",
    "european chapter of the association for computational": "EACL",
    "meeting of the association for computational": "ACL",
    "international conference on computational linguistics": "COLING",
    "knowledge discovery and data mining": "KDD",
    "robot learning": "CoRL",
    "transactions on machine learning research": "TMLR",
    "robotics and automation": "ICRA",
    "intelligent robots and systems": "IROS",
    "acoustics, speech": "ICASSP",
    "medical image computing": "MICCAI",
}
_PROCEEDINGS = re.compile(
    r"Proceedings of (?:the )?(?:(?:19|20)\d\d )?(?:\d+ ?(?:st|nd|rd|th) )?(?:Annual )?"
    r"([A-Z][^,.(\d]{8,90}?)(?=[,.(]| \d)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)|[A-Z]{3,8}[-’'](\d\d)\b")
_NAMES = {name.lower(): name for name in _VENUES.split("|")}


def code_url(front: str, abstract: str, rest: str) -> str | None:
    """The address of the paper's own code or project: above the abstract, in it, or named as such below."""
    for text, sure in ((front, True), (abstract, True), (rest, False)):
        found = [(url, around) for url, around in _addresses(text) if not _FOREIGN.search(url)]
        own = [url for url, around in found if _OURS.search(around) or (sure and _OWN.search(around))]
        hosted = [url for url, _around in found if _HOSTS.search(url)]
        every = [url for url, _around in found] if text is front else []
        for url in own or (hosted if sure else []) or every:
            return url
    return None


def _addresses(text: str) -> list[tuple[str, str]]:
    """Each address and the words of its sentence before it."""
    text = _SPACED.sub(lambda match: match[1].replace(" ", "_"), text)  # underscores are drawn, not written
    text = _LINE_END.sub(_open_end, text)
    found = []
    for match in _URL.finditer(text):
        url = _RUN_ON.sub("", match[0]).rstrip(".,;:!?'’*†‡)]")
        if url.count("(") > url.count(")"):
            url = url.replace("(", "")
        before = re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n\n", text[max(0, match.start() - 200) : match.start()])[
            -1
        ]
        found.append((url if "://" in url else f"https://{url}", before))
    return found


def _open_end(match: re.Match[str]) -> str:
    """The last word of a line, with what the next line begins with where it is an address that goes on."""
    return match[1] if match[1][-1] in "/_.=-" and _ADDRESS.search(match[1]) else match[0]


def venue_and_year(text: str, file_name: str | None) -> tuple[str | None, int | None]:
    """Venue and year from the file's name, else from the first page; a watermark alone gives no year."""
    if file_name:
        if match := _FILE_VENUE.search(file_name):
            return _venue(match[1]), int(match[2])
        if match := _FILE_YEAR_FIRST.search(file_name):
            return _venue(match[2]), int(match[1])
    head = _NOT_YET.sub("", text[:_HEAD])
    if found := _stamped(" ".join(match[0] for match in STAMP.finditer(head))):
        return found
    if match := _PUBLISHED.search(head[:2500]) or _BARE.search(head[:400]):
        return _venue(match[1]), int(match[2])
    if found := _journal(head[:_JOURNAL_HEAD]):
        return found
    if match := _WATERMARK_VENUE.search(text[:200_000]):
        return _venue(match[1]), int(match[2]) if match[2] else None
    if match := _ARXIV.search(head):
        return "arXiv", int(match[1])
    return None, None


def _stamped(stamps: str) -> tuple[str, int | None] | None:
    """Venue and year of the lines that say where a paper appeared, as publishers print at the page's foot."""
    stamps = re.sub(r"-\n|\s+", lambda gap: "" if gap[0] == "-\n" else " ", stamps)
    place = _ARXIV.sub(" ", stamps)
    short = re.search(rf"\b({_VENUES})(?=\W)", place)
    named = next((name for words, name in _LONG_NAMES.items() if words in place.lower()), None)
    proceedings = _PROCEEDINGS.search(place)
    venue = _venue(short[1]) if short else named or (proceedings[1].strip() if proceedings else None)
    if not venue:
        return None
    year = _YEAR.search(place)
    return venue, int(year[1] or f"20{year[2]}") if year else None


def _journal(head: str) -> tuple[str, int] | None:
    """What a line of its own below the title says: "Journal of Glaciology, vol. 3, 2017"."""
    for line in head.split("\n")[1:]:
        if line.strip().lower().startswith("abstract"):
            break
        match = _JOURNAL_LINE.fullmatch(line)
        words = match[1].split() if match and _JOURNAL.search(match[1]) else ()
        if match and words and all(word[0].isupper() or word in _SMALL for word in words):
            return " ".join(words), int(match[2])
    return None


def _venue(name: str) -> str:
    return _NAMES.get(name.lower(), name)
