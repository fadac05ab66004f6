"""Repair, trap by trap, on lines made up for it; then over the first library."""

from __future__ import annotations

import ast
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text_repair import Vocabulary, faults, junk, mend_names, mend_title, repair, strip_markup


def mac(text: str) -> str:
    """`text` as a reader sees it who takes its UTF-8 for MacRoman."""
    return text.encode("utf-8").decode("mac_roman")


@pytest.mark.parametrize(
    "word",
    [
        "efﬁcient", "the observer’s", "τ", "“so”", "3×3", "x ≤ y", "a − b", "α∈Θ", "Müller", "Łukasz", "±0.5",
        "‘a’", "naïve", "•", "…", "ℓ", "𝑥",
    ],
)  # fmt: skip
def test_mac_roman_mojibake_is_mended_beside_true_characters(word: str) -> None:
    plain = {"efﬁcient": "efficient", "𝑥": "x"}.get(word, word)
    assert (
        repair(f"A pigeon {mac(word)} flies ≈ 3 m – √2 – far") == f"A pigeon {plain} flies ≈ 3 m – √2 – far"
    )


@pytest.mark.parametrize("formula", ["≈ 5", "√2", "∆x", "a ≈∞", "∆π = 0", "√π", "—", "“é”", "β", "é"])
def test_true_characters_stay(formula: str) -> None:
    assert repair(f"It holds that {formula} here.") == f"It holds that {formula} here."


def test_windows_mojibake_is_mended_line_by_line() -> None:
    assert repair("the birdâ€™s cafÃ©\nand ﬁsh ‘too’") == "the bird’s café\nand fish ‘too’"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Ren ´e", "René"), ("moir´e", "moiré"), ("K ¨onig", "König"), ("Espa ˜na", "España"),
        ("Ir `ene", "Irène"), ("Jos´e", "José"), ("caf´e", "café"), ("Bo ´nkov", "Bońkov"),
    ],
)  # fmt: skip
def test_detached_accents_go_where_they_belong(broken: str, whole: str) -> None:
    assert repair(f"Then {broken} came.") == f"Then {whole} came."


def test_a_formula_s_hat_and_a_quotation_are_no_accents() -> None:
    text = "We get ˆIlr and call the `apple' an apple."
    assert repair(text) == text


def test_control_characters_line_ends_and_ligatures() -> None:
    assert repair("one\r\ntwo\x00three \x0cfour ﬂow") == "one\ntwo three four flow"


def test_a_line_end_s_hyphen_stays_where_the_text_writes_it_so() -> None:
    text = "An observer-\nspecific map of infor-\nmation. The observer-specific map has information."
    assert repair(text).startswith("An observer-specific\nmap of information.")


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("a real-\nworld case", "real-world"),
        ("the Blorp-\nNet model", "Blorp-Net"),
        ("train-to-\ntest shift", "train-to-test"),
        ("a simula-\ntion of birds", "simulation"),
        ("text-\nto-image models", "text-to-image"),
        ("see https://example.org/bird-\nwatching now", "https://example.org/bird-watching"),
    ],
)
def test_cut_words_without_another_witness(cut: str, whole: str) -> None:
    assert whole in repair(cut)


def test_a_caption_or_page_number_is_never_joined_to_a_cut_word() -> None:
    assert repair("of all vari-\n2989\nations") == "of all vari-\n2989\nations"
    assert repair("we con-\nTable 3. Birds") == "we con-\nTable 3. Birds"


def test_what_a_column_s_end_ran_together_is_parted() -> None:
    text = "The classifier works. So the classifier is kept, and theclassifier wins by approxima-tions."
    assert "the classifier wins by approximations" in repair(text)


def test_kerned_capitals_join_their_words() -> None:
    text = "A V AE maps the V olume. The volume is large. UnionF ormer is UnionFormer."
    assert repair(text) == "A VAE maps the Volume. The volume is large. UnionFormer is UnionFormer."


def test_articles_and_initials_are_not_kerning() -> None:
    text = "A part of Plan B is apart. N/A N/A and Vera X Stone. 1, 2, ..., M in parallel, Min."
    assert repair(text) == text


def test_title_words_take_the_form_that_the_body_uses() -> None:
    body = Vocabulary.of(
        "we choose a timestep and the noise; optimization of a language model, assisted editing"
    )
    assert mend_title("Ti mestep and N oise O ptimization", body) == "Timestep and Noise Optimization"
    assert (
        mend_title("Edit ing by Language ModelAssisted Art", body) == "Editing by Language Model Assisted Art"
    )
    assert mend_title("A New BirdNet", body) == "A New BirdNet"


def test_junk_goes_and_the_words_around_it_stay() -> None:
    code = "AbC9/dEf3+Gh1Kq7Z" * 400
    text = (
        f'before\n<latexit sha1_base64="Qx1=">{code}</latexit>x = 1\n/uni0000002e/uni00000048 so (cid:12)\n'
    )
    assert repair(text + code) == "before\nx = 1\n so\n"


def test_a_phrase_printed_many_times_stays_once() -> None:
    line = (
        "We show a" + " new pigeon detector"[1:].join(["", ""]) + "new pigeon detector" * 17 + " that works."
    )
    assert repair(line).count("pigeon detector") == 1


@pytest.mark.parametrize("letters", [200, 700, 1500, 2500])
def test_a_line_of_any_length_loses_its_repeats(letters: int) -> None:
    before = " ".join(f"line {number} of prose" for number in range(letters // 18))
    assert repair(f"{before} {'new bird detector' * 9} works") == f"{before} new bird detector works"


def test_spaces_at_a_line_s_end_go_whoever_left_them() -> None:
    assert repair("one \ntwo&#9;\nthree\t\nfour ") == "one\ntwo\nthree\nfour"


def test_repeated_cells_of_a_table_stay() -> None:
    for row in (
        "PSNR SSIM PSNR SSIM PSNR SSIM PSNR SSIM PSNR SSIM",
        "0.5 0.5 0.5 0.5 0.5 0.5",
        "0.000000000",
    ):
        assert repair(row) == row


def test_letters_one_by_one_become_words() -> None:
    assert repair("R a w :  v i e w  t h i s  b i r d") == "Raw: view this bird"
    assert repair("A B C D E F G H") == "A B C D E F G H"


def test_the_watermark_goes_and_its_neighbours_stay() -> None:
    mark = (
        "This CVPR paper is the Open Access version, provided by the Computer Vision Foundation.\n"
        "Except for this watermark, it is identical to the accepted version;\n"
        "the final published version of the proceedings is available on IEEE Xplore.\n"
    )
    assert repair(f"last line\n{mark}17\nnext line") == "last line\n17\nnext line"


def test_word_numbers_and_formulas_survive() -> None:
    text = "set to 3×173 with λ=0.5, e.g. 10% of 2-5 minutes at 4e−4 (p <0.05), t-SNE, [12, 13], 1.5×."
    assert repair(text) == text


def test_markup_keeps_its_words() -> None:
    assert strip_markup('We propose D\n<sup xmlns:x="y">2</sup>\nZero for <i>birds</i> &amp; bees') == (
        "We propose D2Zero for birds & bees"
    )
    assert strip_markup("by \n<tex>$\\mathcal{L}_{2}$</tex>\n and \n<tex>$40\\times$</tex>\n less") == (
        "by L2 and 40× less"
    )
    assert strip_markup("$R^{2}$ Birds cost $5 and $6") == "R2 Birds cost $5 and $6"
    assert strip_markup("p < 0.05 and a<b> or <unk>") == "p < 0.05 and a or <unk>"
    for plain in ("where x <p and y> q", "for 1 <i\nand i + 1> 3", "We put <mask> there, or <max>"):
        assert strip_markup(plain) == plain


def test_a_doubled_footnote_moves_behind_the_sentence_it_broke() -> None:
    mark = "\n<sup>1</sup>\n<sup>1</sup>\n"
    assert strip_markup(f"named OWL{mark}Here OWL means a bird., which sees well. It flies.") == (
        "named OWL, which sees well. It flies. Here OWL means a bird."
    )
    assert (
        strip_markup(f"It works.{mark}Code: https://example.org/owl")
        == "It works. Code: https://example.org/owl"
    )
    assert strip_markup(f"a bird{mark}https://example.org/owl to see better.") == (
        "a bird to see better. https://example.org/owl"
    )


def test_names_of_tex_s_glyphs_go_and_paths_stay() -> None:
    assert repair("L = /summationdisplay/vextendsinglea/parenleftbigg b/bracerightBig") == "L = a b"
    assert faults("L = /summationtext x")["glyph_codes"] == 1
    assert repair("see /product/display and /union of it") == "see /product/display and /union of it"


def test_labels_printed_again_and_lone_stars_go() -> None:
    assert repair("Raw Caption:Raw Caption:Raw Caption:Raw Caption:\na fish") == "Raw Caption:\na fish"
    assert (
        repair("the rank correlation ** ** coefficient is used") == "the rank correlation coefficient is used"
    )


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        ("It ranks 1ston the list", "It ranks 1st on the list"),
        ("a 2ndorder model of the 11thhour", "a 2nd order model of the 11th hour"),
        ("size to 101×101will not bring", "size to 101×101 will not bring"),
        ("we use9×9depthwise, a3×3kernel", "we use 9×9 depthwise, a 3×3 kernel"),
        ("of 512×512px and R3×3 in the 4th", "of 512×512px and R3×3 in the 4th"),
    ],
)
def test_numbers_are_parted_from_words(glued: str, parted: str) -> None:
    assert repair(glued) == parted


def test_names_of_the_title_are_whole_in_the_text() -> None:
    title = "SViTT: Birds by UnionFlyer in 3D"
    assert mend_names("We call it SVi TT, and S ViTT.", title) == "We call it SViTT, and SViTT."
    assert mend_names("Union Flyer, SVi TTs and S V iTT", title) == "Union Flyer, SVi TTs and S V iTT"


def test_faults_names_what_is_left() -> None:
    broken = (
        f"{mac('it’s')} ﬁne \x01 <sup>2</sup> Ren ´e /uni00000014\n"
        "R a w :  v i e w  t h i s  b i r d\n"
        "[12] Ada Bird. On wings. In Proceedings of the Birds, 2020.\n"
    )
    found = faults(broken)
    for kind in (
        "mojibake",
        "ligature",
        "control",
        "markup",
        "detached_accent",
        "glyph_codes",
        "spaced_letters",
    ):
        assert found[kind] >= 1, kind
    assert found["reference_entry"] >= 1
    assert not faults("A sound sentence, by Müller et al. [12], says α ≤ 3.")


@given(st.text(alphabet=st.sampled_from("ab -\n.Té´¬√‚Äôﬁ$<>V1"), max_size=60))
def test_repair_never_fails_and_leaves_no_ligature(text: str) -> None:
    assert "ﬁ" not in repair(text)


def _ocr_texts(corpus: Path) -> list[str]:
    lines = next(corpus.glob("003_*")).read_text(encoding="utf-8").splitlines()
    found = [line.split(": ", 1)[1] for line in lines if line.startswith("Result ")]
    return [ast.literal_eval(record)["metadata"]["data"] for record in found]


def test_the_first_library_is_repaired_quickly_and_for_good(corpus: Path) -> None:
    texts = _ocr_texts(corpus)
    assert len(texts) == 30
    start = time.process_time()
    repaired = [repair(text) for text in texts]
    assert time.process_time() - start < 20
    bodies = [text.rpartition("\nReferences\n")[0] for text in repaired]
    left = sum((faults(text) for text in bodies), Counter())
    assert left.total() - left["split_word"] == 0, left
    assert left["split_word"] <= 3
    assert [repair(text) for text in repaired[:10]] == repaired[:10]


def test_the_list_s_abstracts_lose_their_markup(corpus: Path) -> None:
    text = strip_markup(next(corpus.glob("002_*")).read_text(encoding="utf-8"))
    assert faults(text)["markup"] == 0
    assert text.count("## [") == 200


@given(st.lists(st.tuples(st.text("abc ", min_size=1, max_size=9), st.integers(1, 6)), max_size=4))
def test_what_stands_on_end_five_times_is_never_overlooked(runs: list[tuple[str, int]]) -> None:
    line = "".join(unit * times for unit, times in runs)
    assert junk.may_repeat(line) or not junk._REPEATED.search(line)


def test_short_words_of_a_text_in_hindi_stay_and_runs_of_glyphs_in_others_go() -> None:
    hindi = "यह शोध पत्र है। हम पानी की बात करते हैं, और कुछ नहीं।"
    assert repair(hindi) == hindi
    assert repair("We count की birds here.") == "We count birds here."
