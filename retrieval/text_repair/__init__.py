"""Repair of text as it comes out of PDF files and web lists: pure functions, text in, text out."""

from __future__ import annotations

from retrieval.text_repair.markup import strip_markup

__all__ = ["strip_markup"]
