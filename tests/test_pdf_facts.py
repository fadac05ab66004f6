"""What a PDF says of itself may be no text at all: the paper in it is read nevertheless."""

from __future__ import annotations

import pytest

from retrieval.readers import pdf
from tests.pdfs import from_objects

LINES = (
    "We count the moss on the roofs of harbour towns and find that it cools the rooms",
    "below by four degrees in July, as all of the sensors showed. It grows well there.",
)
TEXT = b"BT /F1 16 Tf 60 740 Td (Moss on Roofs) Tj /F1 10 Tf 0 -24 Td (Abstract) Tj %b ET" % b" ".join(
    b"0 -14 Td (%b) Tj" % line.encode() for line in LINES
)


def told(catalogue: bytes = b"", info: bytes = b"") -> bytes:
    """A file with this in its catalogue, and this as its metadata."""
    found = from_objects(
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(TEXT), TEXT),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<<%b>>" % info,
    )
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R")


@pytest.mark.parametrize(
    ("catalogue", "info"),
    [
        (b"", b""),
        (b"", b"/Title <FEFF00410042D835>/Author <FEFFDC00>"),  # cut inside of a character
        (b"/PageLabels<</Nums[0<</P<FEFFD835>>>]>>", b""),
        (b"/PageLabels<</Nums[0<</S/D/P(%b)>>]>>" % (b"9" * 30), b""),  # more than a catalogue can hold
        (
            b"/PageLabels<</Nums[0<</S/D/P(%b)>>]>>" % (b"9" * 5000),
            b"",
        ),  # more than Python takes for a number
    ],
)
def test_a_paper_is_read_whatever_its_file_says_of_itself(catalogue: bytes, info: bytes) -> None:
    (document,) = pdf.read("moss.pdf", told(catalogue, info)).documents
    assert document.title == "Moss on Roofs"
    assert [block.page for block in document.blocks] == [1]
