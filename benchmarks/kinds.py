"""The kinds of pairs that the identity of papers is measured on."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import near_misses, pairs
from benchmarks.pairs import Maker


@dataclass(frozen=True, slots=True)
class Kind:
    """Pairs of one kind, and whether they are one paper."""

    name: str
    same: bool
    make: Maker


KINDS = (
    Kind("same DOI, title cut", True, pairs.same_doi),
    Kind("same arXiv id, title cut and misspelt", True, pairs.same_arxiv),
    Kind("same text, nothing else", True, pairs.same_content),
    Kind("title cut, authors", True, pairs.cut_title),
    Kind("title cut, no authors", True, pairs.cut_title_alone),
    Kind("title without its coined name, authors", True, pairs.unnamed_title),
    Kind("title misspelt, authors in other order", True, pairs.misspelt_title),
    Kind("title misspelt, no authors", True, pairs.misspelt_title_alone),
    Kind("OCR in title and authors", True, pairs.scanned_title),
    Kind("OCR in title and abstract, no authors", True, pairs.scanned_paper),
    Kind("authors in other order, title in other case", True, pairs.other_order),
    Kind("title in other case, no authors", True, pairs.other_case),
    Kind("preprint and published", True, pairs.preprint),
    Kind("preprint under another title", True, pairs.renamed_preprint),
    Kind("abstract and full text", True, pairs.abstract_and_text),
    Kind("scanned first page and full text", True, pairs.page_and_text),
    Kind("same title, other authors", False, near_misses.same_title),
    Kind("same title, no authors, years later", False, near_misses.same_title_later),
    Kind("same coined name, other paper", False, near_misses.same_name),
    Kind("same coined name and nothing else", False, near_misses.same_name_alone),
    Kind("same coined name, same authors, next paper", False, near_misses.same_name_same_hands),
    Kind("part I and part II", False, near_misses.parts),
    Kind("same authors, one word of the title another", False, near_misses.one_word_else),
    Kind("same authors, opposite word in the title", False, near_misses.opposite_word),
    Kind("same authors, longer title", False, near_misses.longer_title),
    Kind("longer title, no authors", False, near_misses.longer_title_alone),
    Kind("supplement, correction, comment", False, near_misses.about_it),
    Kind("same authors, shared sentences", False, near_misses.shared_sentences),
    Kind("the DOI of a whole volume", False, near_misses.volume_doi),
)
