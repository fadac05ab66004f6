"""What is shown of a chunk: whole sentences around it, under their headings, once each, on their pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.models import BlockKind, Chunk
from retrieval.widening import MOST_WORDS, widened


def sentence(name: str, words: int) -> str:
    """So many words that begin with a capital and end with a point."""
    return " ".join([name.capitalize(), *["word"] * (words - 2), "end."])


def chunk(
    name: str, *texts: str, section: str = "3. Method", kind: BlockKind = "body", page: int | None = None
) -> Chunk:
    return Chunk(name, "paper", "kite.txt", " ".join(texts), section, page, kind)


def turning(one: Chunk, word: str, page: int) -> Chunk:
    """`one` with the page turning before `word`."""
    return replace(one, turns=((one.text.index(word), page),))


KITE = chunk("a", sentence("kite", 100), sentence("tail", 40))
WIND = chunk("b", sentence("wind", 120), sentence("rain", 60))
SNOW = chunk("c", sentence("snow", 30), sentence("hail", 150))


def test_a_passage_takes_the_nearest_sentences_of_its_neighbours() -> None:
    (found,) = widened([WIND], [KITE, WIND, SNOW])
    assert found.text == " ".join(
        [sentence("tail", 40), sentence("wind", 120), sentence("rain", 60), sentence("snow", 30)]
    )
    assert found.id == "b"


def test_a_passage_never_has_more_words_than_may_be_shown() -> None:
    (found,) = widened([replace(WIND, text=sentence("wind", 230))], [KITE, WIND, SNOW])
    assert found.text == sentence("wind", 230)
    many = [chunk(str(n), *[sentence("kite", 7)] * 20) for n in range(5)]
    (found,) = widened([many[2]], many)
    assert MOST_WORDS - 7 < len(found.text.split()) <= MOST_WORDS


def test_a_sentence_that_ends_just_where_the_room_does_is_taken_whole() -> None:
    long = chunk("b", sentence("rain", 50), sentence("sleet", 100))
    (found,) = widened([replace(KITE, text=sentence("kite", 200))], [KITE, long])
    assert found.text.endswith(sentence("rain", 50))
    (found,) = widened([replace(KITE, text=sentence("kite", 201))], [KITE, long])
    assert found.text == sentence("kite", 201)


def test_what_another_passage_shows_is_not_shown_again() -> None:
    kite, wind = widened([KITE, WIND], [KITE, WIND, SNOW])
    assert kite.text == KITE.text
    assert wind.text == f"{WIND.text} {sentence('snow', 30)}"


def test_two_passages_share_what_stands_between_them() -> None:
    middle = chunk("m", sentence("one", 60), sentence("two", 60))
    first, last = chunk("a", sentence("kite", 150)), chunk("c", sentence("snow", 100))
    found = widened([last, first], [first, middle, last])
    assert [one.text for one in found] == [
        f"{middle.text} {last.text}",
        first.text,
    ]


@pytest.mark.parametrize(
    "other",
    [
        chunk("b", sentence("wind", 20), kind="caption"),
        chunk("b", sentence("wind", 20), kind="abstract"),
        replace(chunk("b", sentence("wind", 20)), source="other.txt"),
        replace(chunk("b", sentence("wind", 20)), paper_id="other"),
    ],
)
def test_a_passage_stays_within_its_kind_source_and_paper(other: Chunk) -> None:
    assert widened([KITE], [KITE, other]) == [KITE]
    assert widened([KITE], [other, KITE]) == [KITE]


def test_sentences_of_other_sections_stand_under_their_headings() -> None:
    first, last = replace(KITE, section="2. Kites"), replace(SNOW, section="4. Results")
    (found,) = widened([replace(WIND, text=sentence("wind", 120))], [first, WIND, last])
    assert found.text == "\n\n".join(
        [sentence("tail", 40), "3. Method", sentence("wind", 120), "4. Results", sentence("snow", 30)]
    )
    assert found.section == "3. Method"


def test_it_is_known_which_words_stand_in_its_own_section() -> None:
    first, last = replace(KITE, section="2. Related Work"), replace(SNOW, section="4. Results")
    (found,) = widened([WIND], [first, WIND, last])
    assert found.own is not None
    assert found.text[slice(*found.own)] == WIND.text
    (found,) = widened([WIND], [KITE, WIND, SNOW])
    assert found.own is None


def test_headings_count_among_the_words_that_may_be_shown() -> None:
    results = chunk("b", sentence("rain", 50), sentence("sleet", 100), section="4. All the Results")
    (found,) = widened([replace(KITE, text=sentence("kite", 196))], [KITE, results])
    assert len(found.text.split()) == MOST_WORDS
    (found,) = widened([replace(KITE, text=sentence("kite", 197))], [KITE, results])
    assert found.text == sentence("kite", 197)


def test_a_section_without_a_name_is_parted_by_a_blank_line() -> None:
    (found,) = widened([WIND], [WIND, replace(SNOW, section="")])
    assert found.text == f"{WIND.text}\n\n{sentence('snow', 30)}"


def test_an_abstract_does_not_run_on_into_the_introduction() -> None:
    abstract = chunk("a", sentence("kite", 100), section="Abstract", kind="abstract")
    introduction = chunk("b", sentence("wind", 100), section="1. Introduction")
    assert widened([abstract, introduction], [abstract, introduction]) == [abstract, introduction]


def test_a_quote_from_the_next_section_has_its_own_page() -> None:
    shown = chunk("a", sentence("wind", 150), page=3)
    after = turning(
        chunk("b", sentence("snow", 10), sentence("hail", 12), section="4. Ice", page=4), "Hail", 5
    )
    (found,) = widened([shown], [shown, after])
    assert [found.page_of(word) for word in ("Wind", "Snow", "Hail")] == [3, 4, 5]


def test_captions_stand_alone() -> None:
    captions = [chunk(name, sentence(name, 20), kind="caption") for name in "ab"]
    assert widened([captions[0]], captions) == [captions[0]]


def test_a_quote_from_what_was_added_has_its_own_page() -> None:
    before = turning(chunk("a", sentence("kite", 230), sentence("tail", 10), page=3), "Tail", 4)
    shown = chunk("b", sentence("wind", 150), page=4)
    after = turning(chunk("c", sentence("snow", 10), sentence("hail", 12), page=4), "Hail", 5)
    (found,) = widened([shown], [before, shown, after])
    assert [found.page_of(word) for word in ("Tail", "Wind", "Snow", "Hail")] == [4, 4, 4, 5]
    assert (found.page, found.turns) == (4, ((found.text.index("Hail"), 5),))


def test_pages_of_a_text_without_any_stay_unknown() -> None:
    (found,) = widened([WIND], [KITE, WIND, SNOW])
    assert (found.page, found.turns) == (None, ())
