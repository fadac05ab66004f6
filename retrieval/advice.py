"""What a person can do about a file that could not be read. Pure."""

from __future__ import annotations

import re

_ADVICE = (
    (r"^too large", "raise MAX_FILE_MB, or split the file"),
    (r"^empty", "fetch the file again, or take it out of the folder"),
    (r"^cannot be opened: permission", "give whoever runs Footnote the right to read it"),
    (r"^cannot be opened", "see whether the disk is there and the file is whole"),
    (
        r"no paper in it|without a paper|no form of paper|holds no text",
        "take it out of the folder if it is no paper",
    ),
    (r"no page in it", "fetch the file again"),
    (r"^a manifest needs", "name its first column `source`, or give it another name than papers.csv"),
    (r"not JSON", "mend the file, or write it anew"),
    (r"\bimage: ", "take it out of the folder, or make a text of it with OCR if it is a scanned page"),
    (
        r"no column of it|no record in it",
        "name its columns as README.md does: title, abstract or text, authors, year",
    ),
    (r"broken XML|binary data", "fetch the file again, or take it out of the folder"),
)
_SAYS_SO = re.compile(
    r"\b(?:fetch|save|run|print|split|raise|convert|export|unpack|extract)\b", re.IGNORECASE
)


def what_to_do(reason: str) -> str:
    """What helps against the reason that a file failed; "" where the reason says so itself."""
    if _SAYS_SO.search(reason):
        return ""
    advice = (advice for pattern, advice in _ADVICE if re.search(pattern, reason, re.IGNORECASE))
    return next(advice, "mend the file, or take it out of the folder")
