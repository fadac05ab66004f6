"""The values that flow through Footnote's library. They import nothing and never change once made.

file -> Document (Blocks) -> Paper + Chunks -> Passage
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["abstract", "body", "caption", "summary", "card"]
"""What a stretch of text is. A "summary" is not in the paper's words and is never shown as if it were.
A "card" is title, authors and venue, so that these are found as passages are; it says nothing to quote.
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one paper's repaired text: within one section, on one page.

    Paragraphs are parted by a blank line.
    """

    text: str
    section: str = ""  # the heading as printed, with its number; "" before the first heading
    page: int | None = None  # the printed page number, None where none is printed
    kind: BlockKind = "body"


ATTACHED = "attached files"
"""Key of `Document.extra`, whose value is a JSON list: the sources that a record says are its paper's."""

PublicationKind = Literal[
    "journal article", "conference paper", "book", "chapter", "thesis", "report", "preprint"
]
KIND = "published as"
"""Key of `Document.extra`, whose value is the `PublicationKind` that a record of references names."""

ODD_YEAR = "year as written"
"""Key of `Document.extra` whose value was to be a year, and is none from FIRST_YEAR to LAST_YEAR."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years that a paper can be of. What is written with other four digits is a page, a size, or an error."""

MENDED = "mended in papers.csv"
"""Key of `Document.extra` whose value names the facts that a person gave in the manifest: they come first."""


@dataclass(frozen=True, slots=True)
class Document:
    """One paper as one file shows it: repaired, structured, without its reference list."""

    source: str  # FILE or FILE#PART, FILE relative to the ingested folder with "/"
    title: str | None  # None where the file shows no title
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None  # bare: "10.1109/..."
    url: str | None = None
    code_url: str | None = None  # code or project page
    blocks: tuple[Block, ...] = ()
    label: str | None = None  # what to call it while no source knows its title
    extra: tuple[tuple[str, str], ...] = ()  # columns or metadata that have no place above

    def text(self, *kinds: BlockKind) -> str:
        """The blocks' texts, those of `kinds` only where any are named, parted by blank lines."""
        return "\n\n".join(block.text for block in self.blocks if not kinds or block.kind in kinds)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file: its papers, and what a person should know about it."""

    documents: tuple[Document, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A paper as a preprint, or as it was published, where sources of both are known."""

    preprint: bool
    sources: tuple[str, ...]
    venue: str | None = None  # "arXiv:NUMBER" of a preprint there
    year: int | None = None
    doi: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, from however many sources."""

    id: str
    title: str
    title_is_label: bool = False  # True: the title is unknown and this is a label made from the text
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    url: str | None = None
    code_url: str | None = None
    abstract: str | None = None
    sources: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    retracted: str | None = None  # when, why and by which notice, as far as known; None: not that we know
    versions: tuple[Version, ...] = ()  # the published one, then the preprint; () where one of them is all

    def preprint_of(self, source: str) -> Version | None:
        """The preprint, if this source of a paper that was published since is of it."""
        return next((one for one in self.versions if one.preprint and source in one.sources), None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is searched and shown: whole sentences of one section, at most 250 words."""

    id: str  # a hash of everything an index sees of it, so that a changed chunk is another chunk
    paper_id: str
    source: str
    text: str
    section: str = ""
    page: int | None = None  # the printed page its first sentence stands on
    kind: BlockKind = "body"
    turns: tuple[tuple[int, int], ...] = ()  # where sentences of later pages begin: offset in text, page
    own: tuple[int, int] | None = None  # which characters stand in its section; None: all of them

    def page_of(self, quote: str) -> int | None:
        """The printed page on which a quote from `text` begins; the chunk's own for what is not in it."""
        at = self.text.find(quote)
        pages = [page for offset, page in self.turns if offset <= at]
        return pages[-1] if pages else self.page


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found."""

    chunk: Chunk
    paper: Paper
    score: float  # higher is better, whatever the index measures inside


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper that was found."""

    paper: Paper
    score: float  # higher is better; comparable within one result only


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked to see only. Every one that is set must hold."""

    year_from: int | None = None  # inclusive; a paper of unknown year never passes
    year_to: int | None = None  # inclusive
    venue: str | None = None  # part of the venue's name, in any case
    author: str | None = None  # part of one author's name, in any case, accents ignored
    paper: str | None = None  # a paper id, a source, a DOI or a title

    def __bool__(self) -> bool:
        return self != NO_FILTERS


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, best first."""

    passages: tuple[Passage, ...] = ()
    papers: tuple[RankedPaper, ...] = ()
    similarity: float = 0.0  # best cosine between the question and any passage, -1..1
    coverage: float = 0.0  # share of the question's informative words in its best passages, 0..1
    unknown_year: int = 0  # papers left out of a year filter because their year is unknown
    words_only: bool = False  # no embedder could be asked, and `similarity` is a usual one


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A line of the library's list of papers."""

    paper: Paper
    passages: int


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file (or a part of one) that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run of ingest did. Counts are of papers' sources; `failed` and `notes` speak of files."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    embedded: int = 0  # texts that went through the embedder
    failed: tuple[FileFailure, ...] = ()
    notes: tuple[str, ...] = ()
    papers: int = 0  # in the library afterwards
    passages: int = 0  # in the library afterwards


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far a run is."""

    stage: str  # "reading" (files) or "embedding" (papers)
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class NearCase:
    """Two papers that may be one, and why that is in doubt."""

    one: Paper
    other: Paper
    reason: str


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What there is, for an operator."""

    data: str
    papers: int
    sources: int
    passages: int
    vectors: int | None  # in the vector index; None while the server that holds them is away
    words: int  # chunks in the lexical index
    embedder: str
    changed_at: int | None  # seconds since 1970, of the last change that readers see
    folders: tuple[str, ...]
    failed: tuple[FileFailure, ...]
    owner: str | None  # who holds the folder for writing now
    venues: tuple[tuple[str, int], ...] = ()  # with the number of papers, the most first
    years: tuple[tuple[int, int], ...] = ()  # the same, the latest first
    missing: tuple[tuple[str, int], ...] = ()  # facts, with the number of papers that lack them
    several: int = 0  # papers that come from several sources
    near: int = 0  # pairs of papers that may be one
    bytes: int = 0  # of the data folder
    embedder_wanted: str | None = None  # of the settings, where another one made the index
    words_only: bool = False  # whether questions are searched by words only: the one that made it is not here
    away: str | None = None  # what keeps the vectors' server from being asked


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What is wrong with the indexes, and what was mended."""

    papers: int
    passages: int
    problems: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
