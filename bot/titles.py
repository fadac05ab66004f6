"""How a paper's title is shown: what is known to be wrong with it stands before it. Pure."""

from __future__ import annotations

import re

from retrieval.models import Paper


def title(paper: Paper) -> str:
    """The paper's title; a label is visibly one, and so is what was retracted."""
    marks = "(RETRACTED) " * bool(paper.retracted) + "(untitled page) " * paper.title_is_label
    return f"{marks}{paper.title}"


def title_in_text(paper: Paper) -> str:
    """The same within an answer's text, where `[1]` is a footnote and no part of a title."""
    return re.sub(r"\[(\d+)\]", r"(\1)", title(paper))
