"""Chunks are whole sentences of one section, and nothing is cut off unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.chunking import MAX_WORDS, chunks_of, texts_to_embed
from retrieval.models import Block, Document, Paper

PAPER = Paper(id="p", title="A Study of Rain", authors=("Ada Falk",))


def document(*blocks: Block) -> Document:
    return Document(source="a.txt", title=PAPER.title, blocks=blocks)


def sentence(n: int, words: int = 12) -> str:
    return f"Sentence {n} " + " ".join(["falls"] * (words - 3)) + " down."


def count_words(text: str) -> int:
    return len(text.split()) + 2


def test_a_chunk_holds_whole_sentences_of_one_section() -> None:
    text = " ".join(sentence(n) for n in range(60))
    chunks = chunks_of(document(Block(text, "1. Rain"), Block(text, "2. Snow")), PAPER)
    assert {chunk.section for chunk in chunks} == {"1. Rain", "2. Snow"}
    assert all(chunk.text.endswith("down.") and chunk.text.startswith("Sentence") for chunk in chunks)
    assert all(len(chunk.text.split()) <= MAX_WORDS for chunk in chunks)
    rain = " ".join(chunk.text for chunk in chunks if chunk.section == "1. Rain")
    assert rain == text


def test_chunks_of_a_section_are_of_about_equal_size() -> None:
    text = " ".join(sentence(n) for n in range(25))  # 300 words: two chunks of about 150, not 240 and 60
    sizes = [len(chunk.text.split()) for chunk in chunks_of(document(Block(text)), PAPER)]
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) <= 12


def test_a_sentence_over_a_page_end_stays_whole_and_belongs_to_the_page_it_starts_on() -> None:
    chunks = chunks_of(
        document(
            Block("It rained. The water rose to", "1. Rain", 7), Block("the door. We left.", "1. Rain", 8)
        ),
        PAPER,
    )
    assert [chunk.text for chunk in chunks] == ["It rained. The water rose to the door. We left."]
    assert chunks[0].page == 7
    assert chunks[0].page_of("The water rose to the door.") == 7
    assert chunks[0].page_of("We left.") == 8
    assert chunks[0].page_of("nowhere to be found") == 7


def test_a_caption_stands_alone_and_does_not_part_the_text() -> None:
    blocks = (
        Block("The rain fell on", "1. Rain", 3),
        Block("Figure 1. Drops.", "1. Rain", 3, "caption"),
        Block("the roof.", "1. Rain", 3),
    )
    assert [(chunk.kind, chunk.text) for chunk in chunks_of(document(*blocks), PAPER)] == [
        ("body", "The rain fell on the roof."),
        ("caption", "Figure 1. Drops."),
    ]


def test_a_run_of_words_without_an_end_is_cut_at_the_limit() -> None:
    chunks = chunks_of(document(Block(" ".join(["drop"] * 450))), PAPER)
    assert [len(chunk.text.split()) for chunk in chunks] == [240, 210]


def test_an_id_moves_with_everything_that_an_index_sees() -> None:
    chunk = chunks_of(document(Block("It rained.", "1. Rain")), PAPER)[0]
    other_title = chunks_of(document(Block("It rained.", "1. Rain")), Paper(id="p", title="Another"))[0]
    other_text = chunks_of(document(Block("It snowed.", "1. Rain")), PAPER)[0]
    again = chunks_of(document(Block("It rained.", "1. Rain")), PAPER)[0]
    assert again.id == chunk.id
    assert len({chunk.id, other_title.id, other_text.id}) == 3


def test_equal_passages_of_one_paper_have_ids_of_their_own() -> None:
    chunks = chunks_of(document(Block("Yes.", "A"), Block("Yes.", "B"), Block("Yes.", "A")), PAPER)
    assert len({chunk.id for chunk in chunks}) == 3


def test_a_short_chunk_is_embedded_whole_with_title_and_section() -> None:
    chunk = chunks_of(document(Block("It rained.", "1. Rain")), PAPER)[0]
    assert texts_to_embed(chunk, PAPER.title, count_words, 256) == ["A Study of Rain | 1. Rain\nIt rained."]


def test_a_long_chunk_is_embedded_in_parts_and_every_word_is_in_one_of_them() -> None:
    text = " ".join(sentence(n) for n in range(16))
    chunk = chunks_of(document(Block(text, "1. Rain")), PAPER)[0]
    parts = texts_to_embed(chunk, PAPER.title, count_words, 80)
    assert len(parts) >= 3
    assert all(part.startswith("A Study of Rain | 1. Rain\n") for part in parts)
    assert " ".join(part.partition("\n")[2] for part in parts) == text


@given(
    st.lists(st.text(st.sampled_from("ab .\n"), min_size=1, max_size=400), min_size=1, max_size=4),
    st.text(st.sampled_from("xy "), max_size=300),
    st.integers(min_value=16, max_value=64),
)
def test_no_part_is_ever_over_the_limit_and_no_letter_is_lost(
    blocks: list[str], title: str, limit: int
) -> None:
    def count(text: str) -> int:  # a tokenizer that makes a token of every three letters
        return sum(-(-len(word) // 3) for word in text.split()) + 2

    for chunk in chunks_of(document(*(Block(text) for text in blocks)), PAPER):
        parts = texts_to_embed(chunk, title, count, limit)
        assert all(count(part) <= limit for part in parts)
        bodies = "".join(part.partition("\n")[2] if title.split() else part for part in parts)
        assert "".join(bodies.split()) == "".join(chunk.text.split())
