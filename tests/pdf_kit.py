"""Pages written from top to bottom, as the first pages of papers are."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import letter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen import canvas

from retrieval.models import Document
from retrieval.readers import pdf

BODY = (
    "Garden robots have been built for many years by many people, and most of them could not see at all. We "
    "give each of them a camera that looks at the leaves, and a small model that says what they lack. "
)


class Page:
    """A page that is written on from top to bottom."""

    def __init__(
        self, author: str = "", title: str = "", encryption: StandardEncryption | None = None
    ) -> None:
        self.out = io.BytesIO()
        self.sheet = canvas.Canvas(self.out, pagesize=letter, encrypt=encryption)
        self.sheet.setAuthor(author or "anonymous")
        self.sheet.setTitle(title or "untitled")
        self.top = 740.0

    def put(
        self, left: float, text: str, size: float = 10, font: str = "Times-Roman", up: float = 0
    ) -> float:
        """Print at this height, `up` points above it; where the text ends."""
        self.sheet.setFont(font, size)
        self.sheet.drawString(left, self.top + up, text)
        return left + float(self.sheet.stringWidth(text, font, size))

    def names(
        self, left: float, names: Sequence[tuple[str, str]], size: float = 12, font: str = "Times-Roman"
    ) -> None:
        """Names in a row, each with its raised mark."""
        for name, mark in names:
            left = self.put(self.put(left, name, size, font), mark, 0.6 * size, font, 0.4 * size) + 5

    def column(self, left: float, parts: Sequence[tuple[str, float]], width: float = 225) -> None:
        """Paragraphs with the sizes of their type; the height is afterwards what it was."""
        top = self.top
        for text, size in parts:
            for line in simpleSplit(text, "Times-Roman", size, width):
                self.put(left, line, size)
                self.down(1.2 * size)
            self.down(6)
        self.top = top

    def down(self, points: float) -> None:
        self.top -= points

    def body(self) -> Document:
        self.down(30)
        for text, size in (("Abstract", 12.0), (BODY, 10.0), ("1. Introduction", 12.0), (BODY * 4, 10.0)):
            for line in simpleSplit(text, "Times-Roman", size, 430):
                self.put(80, line, size)
                self.down(1.2 * size)
            self.down(8)
        return self.read()

    def read(self) -> Document:
        """The paper that all this makes."""
        self.sheet.save()
        (document,) = pdf.read("paper.pdf", self.out.getvalue()).documents
        return document
