"""What others know of our papers: an offline list of retractions, and metadata services where they are on.

Nothing here changes the catalogue. What others know is laid over the papers when they are read, and only
where the files and the people say nothing: it can be switched off again, or thrown away, without a trace.
"""

from retrieval.outside.overlay import Overlay

__all__ = ["Overlay"]
