"""What reading one file may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file. MB are 1,000,000 bytes."""

    max_mb: int = 200  # larger files are not read
    pdf_seconds: float = 120.0  # for a PDF file; a book of 1,000 pages takes about 15
    pdf_memory_mb: int = 600  # of the process that reads PDF files; that book takes about 140
