"""Trees of XML that comes from anybody, by defusedxml: the only door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.errors import UnreadableFile
from retrieval.readers.fields import squeeze

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def root_of(text: str, what: str) -> Element:
    """The root. Raises UnreadableFile, saying `what` it is, for broken XML and for one with entities."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(text.lstrip())  # as text: what encoding it was in no longer counts
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableFile(f"{what} that is broken XML ({squeeze(str(error))[:100]})") from error
    return root
