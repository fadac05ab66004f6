"""The titles that begin the lines of a quoted answer, in bold: so its papers are seen at a glance. Pure."""

from __future__ import annotations

import re

from bot.models import Answer
from bot.titles import title_in_text


def emphasised(answer: Answer) -> str:
    """The answer's text, each title of a cited paper bold where it begins a line or a point."""
    titles = {title_in_text(cited.paper) for cited in answer.citations}
    plain = sorted((title for title in titles if not set(title) & set("*_`\\~|")), key=len, reverse=True)
    if answer.model is not None or not plain:
        return answer.text
    found = "|".join(map(re.escape, plain))
    return re.sub(rf"^((?:\d+\. |- )?)({found})(?=:| is by )", r"\1**\2**", answer.text, flags=re.MULTILINE)
