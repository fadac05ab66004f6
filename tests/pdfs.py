"""PDF files made byte by byte, for what no honest program writes."""

from __future__ import annotations

import zlib

MEGABYTE = 1 << 20


def raw_pdf(content: bytes, filters: bytes = b"/FlateDecode", pages: int = 1) -> bytes:
    """Pages that all have this content stream, already encoded by `filters`."""
    kids = b" ".join(b"%d 0 R" % (5 + place) for place in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>"
    return from_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages,
        b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(content), filters, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * pages,
    )


def from_objects(*objects: bytes) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def packed(content: bytes) -> bytes:
    return raw_pdf(zlib.compress(content, 1))


def bomb(megabytes: int) -> bytes:
    """Some kilobytes that unpack, in two steps, to so many megabytes of blanks."""
    packer = zlib.compressobj(1)
    inner = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    return raw_pdf(zlib.compress(inner), b"[/FlateDecode/FlateDecode]")


def many_words(count: int) -> bytes:
    """A page on which so many words are printed over each other."""
    return packed(b"BT /F1 1 Tf " + b"(hello garden) Tj " * count + b"ET")
