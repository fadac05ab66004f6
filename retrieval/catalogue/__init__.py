"""The catalogue: papers, their sources, chunk texts, and what is embedded. The only source of truth.

SQLAlchemy Core on one SQLite file. `sources` holds what the files say; `papers` and `chunks` are what readers
see, and are replaced a paper at a time, each paper in one transaction, so that nobody ever sees half of one.
The vector index and the lexical index are derived from `chunks` and `embeddings`.
"""

from retrieval.catalogue.filed import Replaced
from retrieval.catalogue.migrating import migrate
from retrieval.catalogue.queries import Catalogue
from retrieval.catalogue.rescue import is_damaged, refuse_empty, rescue
from retrieval.catalogue.rows import FileRow, PaperRecord, vector_id
from retrieval.catalogue.sql import advice
from retrieval.document_json import document_to_json

__all__ = [
    "Catalogue",
    "FileRow",
    "PaperRecord",
    "Replaced",
    "advice",
    "document_to_json",
    "is_damaged",
    "migrate",
    "refuse_empty",
    "rescue",
    "vector_id",
]
