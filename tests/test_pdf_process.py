"""PDF files in a process of their own: whatever a file does, it is named, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import ReadingBroken, UnreadableFile
from retrieval.models import Reading
from retrieval.readers import pdf
from retrieval.readers.pdf_process import PdfProcess
from tests.pdfs import bomb, from_objects, many_words, packed, raw_pdf
from tests.test_pdf import make_pdf

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only there a process can be told its memory")


@pytest.fixture(scope="module")
def shared() -> Iterator[PdfProcess]:
    with PdfProcess(seconds=30, memory_mb=200) as process:
        yield process


def reason(process: PdfProcess, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        process.read("paper.pdf", data)
    return str(raised.value)


def test_it_reads_as_the_reader_does_in_one_process(shared: PdfProcess) -> None:
    data = make_pdf(blank=True)
    assert shared.read("é/paper.pdf", data) == pdf.read("é/paper.pdf", data)
    first = shared.pid
    assert isinstance(shared.read("b.pdf", make_pdf()), Reading)
    assert shared.pid == first


def page_tree_in_a_circle() -> bytes:
    return from_objects(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 9>>", b"<</Kids[2 0 R]/Count 9>>"
    )


def forms_in_forms() -> bytes:
    """A page that draws a form ten times that draws a form ten times ... : 10 to the 12th in all."""
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    draw = zlib.compress(b"/X Do " * 10)
    forms = [
        b"<<%s/Resources<</XObject<</X %d 0 R>>>>/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (head, number + 1, len(draw), draw)
        for number in range(4, 16)
    ]
    return from_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
        *forms,
        b"<<%s/Length 9>>stream\n0 0 m 1 l\nendstream" % head,
    )


UNNAMED = b"BT /F1 9 Tf (" + b"\\001A\\003B \\005C\\006" * 90 + b") Tj ET"
BROKEN = {
    "nothing behind the mark": (b"%PDF-1.7\n", "damaged or truncated"),
    "no page": (
        from_objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        "without a page",
    ),
    "half-downloaded": (make_pdf()[:2500], "truncated"),
    "zeros behind the half": (make_pdf()[:2500] + bytes(3000), "truncated"),
    "encrypted": (make_pdf(password="secret"), "encrypted"),
    "scanned": (raw_pdf(zlib.compress(b"0 0 9 9 re f"), pages=3), "text layer"),
    "arrays in arrays": (packed(b"[" * 2_000_000), "text layer"),
    "dictionaries in dictionaries": (packed(b"BT " + b"<<" * 1_000_000), "text layer"),
    "nested objects": (b"%PDF-1.4\n1 0 obj\n" + b"[" * 500_000 + b"\nendobj\n%%EOF", "damaged or truncated"),
    "a page tree in a circle": (page_tree_in_a_circle(), ""),
    "letters without names": (packed(UNNAMED), "letters"),
    "a web page": (b"<!doctype html><title>Sign in</title><p>%PDF-1.4 is not here", "damaged"),
    "a stream that is cut": (raw_pdf(zlib.compress(b"BT (hello) Tj ET" * 900)[:60]), "text layer"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_with_its_reason(shared: PdfProcess, kind: str) -> None:
    data, wanted = BROKEN[kind]
    assert wanted in reason(shared, data)
    assert shared.read("next.pdf", make_pdf()).documents


@LINUX
def test_a_bomb_is_named_and_its_process_started_anew(shared: PdfProcess) -> None:
    shared.read("before.pdf", make_pdf())
    before = shared.pid
    assert reason(shared, bomb(200)).startswith("needs more than 200 MB of memory (PDF_MEMORY_MB)")
    assert shared.read("next.pdf", make_pdf()).documents
    assert shared.pid not in (None, before)


@LINUX
def test_a_text_that_fills_the_memory_is_named(shared: PdfProcess) -> None:
    assert "memory" in reason(shared, many_words(2_000_000))


@pytest.mark.parametrize("data", [many_words(400_000), forms_in_forms()], ids=["words", "forms"])
def test_a_file_that_takes_too_long_is_named(data: bytes) -> None:
    with PdfProcess(seconds=0.5, memory_mb=1000) as process:
        process.read("first.pdf", make_pdf())
        began = time.monotonic()
        assert "not read within 0.5 s (PDF_SECONDS)" in reason(process, data)
        assert time.monotonic() - began < 1.5
        assert process.read("next.pdf", make_pdf()).documents


def seconds_of_work(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@LINUX
def test_a_crash_is_named() -> None:
    def kill() -> None:
        while not (process.pid and seconds_of_work(process.pid) > 1):  # to start takes a quarter of one
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGSEGV)

    with PdfProcess() as process:
        killer = threading.Thread(target=kill)
        killer.start()
        assert "crashed on it (SIGSEGV)" in reason(process, forms_in_forms())
        killer.join()
        assert process.read("next.pdf", make_pdf()).documents


def test_a_process_that_was_killed_between_two_files_takes_none_with_it(shared: PdfProcess) -> None:
    shared.read("before.pdf", make_pdf())
    assert shared.pid
    os.kill(shared.pid, signal.SIGKILL)
    assert shared.read("next.pdf", make_pdf()).documents


def test_a_limit_that_leaves_no_room_is_named() -> None:
    with PdfProcess(memory_mb=1) as process:
        assert "PDF_MEMORY_MB" in reason(process, make_pdf())


def test_what_a_limit_broke_is_told_from_what_is_unreadable(shared: PdfProcess) -> None:
    with pytest.raises(UnreadableFile) as raised:
        shared.read("a.pdf", BROKEN["scanned"][0])
    assert not isinstance(raised.value, ReadingBroken)


def test_threads_may_read_at_once(shared: PdfProcess) -> None:
    files = [make_pdf(number=lambda place, first=first: str(first + place)) for first in (100, 300, 500)]  # type: ignore[misc]
    with ThreadPoolExecutor(3) as pool:
        readings = list(pool.map(lambda data: shared.read("a.pdf", data), files * 3))
    assert readings == [pdf.read("a.pdf", data) for data in files] * 3


def test_closing_leaves_no_process_behind() -> None:
    with closing(PdfProcess()) as process:
        process.read("a.pdf", make_pdf())
        pid = process.pid
    assert pid and process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_process_is_light_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "much-too-secret")
    with PdfProcess() as process:
        began = time.monotonic()
        process.read("a.pdf", make_pdf())
        assert time.monotonic() - began < 5  # a fifth of a second where nothing else runs
        if sys.platform == "linux":
            assert b"secret" not in Path(f"/proc/{process.pid}/environ").read_bytes()
    heavy = ("chromadb", "numpy", "onnxruntime", "openai", "discord", "sqlalchemy", "tantivy", "pydantic")
    code = (
        "import sys, retrieval.readers.pdf_worker as _;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.long
def test_a_thousand_pages_are_read(shared: PdfProcess) -> None:
    body = (
        b"BT /F1 9 Tf 12 TL 50 700 Td "
        + b"(The robot waters the bed of thyme when it is dry.) Tj T* " * 45
        + b"ET"
    )
    began = time.monotonic()
    (document,) = shared.read("book.pdf", raw_pdf(zlib.compress(body), pages=1000)).documents
    assert time.monotonic() - began < 60
    assert document.blocks[-1].page == 1000
