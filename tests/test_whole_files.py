"""A file is whole or is not there, and a source's name has two halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.source_names import file_of, part_of
from retrieval.whole_files import whole


def test_a_file_appears_when_all_of_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    with whole(file) as out:
        out.write(b"new")
        assert not file.exists()
    assert file.read_bytes() == b"new" and list(tmp_path.iterdir()) == [file]


def test_after_an_error_the_old_one_stays_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    file.write_bytes(b"old")
    with pytest.raises(ValueError, match="half"), whole(file) as out:
        out.write(b"ne")
        raise ValueError("half of it")
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("source", "file", "part"), [("a.bib#x#y", "a.bib", "#x#y"), ("b/c.pdf", "b/c.pdf", ""), ("d#", "d", "#")]
)
def test_a_source_is_a_file_and_perhaps_a_part_of_it(source: str, file: str, part: str) -> None:
    assert (file_of(source), part_of(source)) == (file, part)
