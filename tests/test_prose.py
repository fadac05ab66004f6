"""What reads like sentences, in whatever script; and headings however wide they are set."""

from __future__ import annotations

import contextlib
import time
import unicodedata
from typing import Literal

import pytest

from retrieval.errors import UnreadableFile
from retrieval.readers import read_file
from retrieval.readers.decoding import holds_prose

SENTENCES = {
    "Vietnamese": "Chúng tôi trình bày một phương pháp mới để tưới cây trong vườn và đánh giá kết quả. ",
    "Hindi": "हम दिखाते हैं कि बगीचे में पानी देने वाला रोबोट पौधों को कैसे देखता है और कितना पानी बचाता है। ",
    "Arabic": "نقدم في هذه الورقة طريقة جديدة لري الحدائق، ونقيس كمية الماء التي توفرها في مدن مختلفة. ",
    "Thai": "เรานำเสนอวิธีการใหม่สำหรับการรดน้ำต้นไม้ในสวน และวัดปริมาณน้ำที่ประหยัดได้ในหลายเมือง ",
    "Chinese": "我们提出了一种新的花园浇水方法，并在几个城市中测量了它所节省的水量。",
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_sentences_are_prose_in_every_script_and_form(language: str, form: Literal["NFC", "NFD"]) -> None:
    assert holds_prose(unicodedata.normalize(form, 3 * SENTENCES[language]))


@pytest.mark.parametrize("text", ["1 2 3 4 5 " * 20, "\u0301 " * 60, "x = 1; y_2 = f(x); " * 20, "ก ข ค"])
def test_what_holds_no_sentence_is_no_prose(text: str) -> None:
    assert not holds_prose(text)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# Moss on Roofs", "Moss on Roofs"),
        ("# Moss on Roofs #", "Moss on Roofs"),
        ("# Moss on C# ##  ", "Moss on C#"),
        ("#   Moss   on\tRoofs\t", "Moss on Roofs"),
        ("# Moss" + 20_000 * " " + "on Roofs", "Moss on Roofs"),
        ("# Moss on Roofs ##" + 20_000 * " ", "Moss on Roofs"),
    ],
)
def test_a_heading_is_read_at_once_however_wide_it_is_set(line: str, title: str) -> None:
    start = time.process_time()
    words = (
        "Moss cools the roofs of harbour towns by four degrees in July, as all of the sensors there showed."
    )
    text = f"{line}\n\n## Abstract\n\n{words}\n\n## 1 Introduction\n\n{words}\n"
    (document,) = read_file("moss.md", text.encode()).documents
    assert document.title == title
    assert time.process_time() - start < 2


@pytest.mark.parametrize("unit", ["**a ", "__a ", "`"])
def test_signs_that_nothing_closes_are_read_at_once(unit: str) -> None:
    start = time.process_time()
    line = unit * (80_000 // len(unit))  # with each try up to the line's end, a minute
    with contextlib.suppress(UnreadableFile):
        read_file("moss.md", f"# Moss\n\n## Abstract\n\n{line}\n".encode())
    assert time.process_time() - start < 6
