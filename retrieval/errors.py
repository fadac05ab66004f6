"""Every error that `retrieval` raises on purpose.

    RetrievalError
    |-- UnreadableFile        this file holds no paper that Footnote can read
    |-- EmbedderError
    |   |-- UnknownEmbedder   the setting names none that there is
    |   |-- ModelUnavailable  the weights are missing, changed, or the endpoint does not answer
    |-- GoldUnreadable        a file of gold questions is not what `evaluate` reads
    |-- LibraryError
        |-- LibraryMissing    nothing was ingested into this data folder yet
        |-- LibraryBusy       another process owns the data folder
        |-- IndexMismatch     the index was made by another embedder or another way of chunking
        |   |-- SchemaOutdated  the catalogue is of an older version, and can be brought up to date
        |-- CatalogueBroken   the catalogue cannot be read or written
        |-- IndexBroken       an index cannot be read, even after it was opened anew
        |-- SourceMissing     no such source, paper or folder

The message of each is one or two sentences for the person who runs Footnote, and says what to do next.
"""

from __future__ import annotations


class RetrievalError(Exception):
    """Base of all."""


class UnreadableFile(RetrievalError):
    """This file holds no paper that Footnote can read; the message is the reason, without the file's name."""


class EmbedderError(RetrievalError):
    """The text could not be embedded."""


class UnknownEmbedder(EmbedderError):
    """The setting names an embedder that there is not."""


class ModelUnavailable(EmbedderError):
    """The embedder's weights are missing or changed, or its endpoint does not answer."""


class GoldUnreadable(RetrievalError):
    """A file of gold questions is not what `evaluate` reads; the message names the file and line."""


class LibraryError(RetrievalError):
    """The library cannot do what was asked."""


class LibraryMissing(LibraryError):
    """The data folder holds no library yet."""


class LibraryBusy(LibraryError):
    """Another process owns the data folder for writing."""


class IndexMismatch(LibraryError):
    """The index was made by another embedder or another way of chunking than is set now."""


class SchemaOutdated(IndexMismatch):
    """The catalogue was made by an older version of Footnote, and nobody brought it up to date yet."""


class CatalogueBroken(LibraryError):
    """The catalogue is damaged, locked, or on a disk that is full."""


class IndexBroken(LibraryError):
    """An index cannot be read."""


class SourceMissing(LibraryError):
    """No such source, paper, file or folder."""
