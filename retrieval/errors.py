"""Every error that `retrieval` raises on purpose.

    RetrievalError
    |-- UnreadableFile        this file holds no paper that Footnote can read
    |   |-- ReadingBroken     reading it was ended by a limit or a crash: other settings may do better
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
        |   |-- ServerAway    the Chroma server that holds the vectors does not answer as it should
        |-- BackupUnusable    a backup cannot be written, or put back
        |-- SourceMissing     no such source, paper or folder
        |-- WorkerLost        the process that changes the library died
        |-- JobFailed         a change met an error that nobody foresaw; the process lives

The message of each is one or two sentences for the person who runs Footnote, and says what to do next.
"""

from __future__ import annotations


class RetrievalError(Exception):
    """Base of all."""


class UnreadableFile(RetrievalError):
    """This file holds no paper that Footnote can read; the message is the reason, without the file's name."""


class ReadingBroken(UnreadableFile):
    """Reading this file was ended by a limit of time or memory, or by a crash."""


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


class ServerAway(IndexBroken):
    """The Chroma server that holds the vectors does not answer, or not as it should."""


class BackupUnusable(LibraryError):
    """A backup cannot be written where it should, or holds no library; or one stands in its way."""


class SourceMissing(LibraryError):
    """No such source, paper, file or folder."""


def is_fault(error: BaseException) -> bool:
    """Whether a vendor's library failed in its work. A panic of one written in Rust is no Exception."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def unusable(index: str, error: BaseException) -> IndexBroken:
    """What a person reads when an index fails, whatever it says itself."""
    said = " ".join(str(error).split())[:200]
    return IndexBroken(
        f"The {index} index cannot be used ({said}). If the disk is full, or the data folder cannot be "
        "written, put that right first. Then run `footnote verify --mend`: the index is made anew from the "
        "catalogue, and nothing is embedded twice."
    )


class WorkerLost(LibraryError):
    """The process that changes the library died in the middle; what it had begun can be done again."""


class JobFailed(LibraryError):
    """A change of the library met an error that nobody foresaw; what it had begun can be done again."""
