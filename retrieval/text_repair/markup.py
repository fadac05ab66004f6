"""HTML tags, entities, MathML, TeX and doubled footnotes of publishers' abstracts, made plain."""

from __future__ import annotations

import html
import re

_NAMES = (
    "sup|sub|inf|tex|tex-math|italic|bold|sc|i|b|em|strong|u|tt|p|br|hr|div|span|a|img|ul|ol|li|table|thead|"
    "tbody|tr|td|th|code|pre|font|center|small|inline-formula|disp-formula|alternatives|title|sec|xref|"
    "ext-link|uri|latexit|formula|math|jats:[a-z-]+|mml:[a-z]+|"
    # of MathML, and no other word in brackets: "<mask>" is a token of language models
    "m(?:[inos]|action|enclose|error|fenced|frac|glyph|labeledtr|multiscripts|over|padded|phantom|prescripts|"
    "root|row|space|sqrt|style|sub|subsup|sup|table|td|text|tr|under|underover)"
)
_ATTRIBUTES = r"(?:\s+[\w:-]+\s*=[^<>]*|\s*)"  # "x <p and y> q" compares, and has no tag in it
_TAG = re.compile(rf"</?(?:{_NAMES}){_ATTRIBUTES}/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:[^<-]++|-(?!->)|<(?!!--))*+-->")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\s*/?>", re.IGNORECASE)
_MATHML = re.compile(
    r"<(?:mml:)?math\b[^<>]*>((?:[^<]++|<(?!/?(?:mml:)?math\b))*+)</(?:mml:)?math>", re.IGNORECASE
)
_BEFORE = r"(?:(?<![ \t])[ \t]++)?\n?"  # spaces, all of a run at once, and a line's end
_SUP = r"<sup\b[^<>]*>\s*+([^<>\s][^<>]{0,3}?)\s*+</sup>"
_DOUBLED = re.compile(rf"{_BEFORE}{_SUP}\s*<sup\b[^<>]*>\s*\1\s*</sup>[ \t]*\n?([^\n]*)", re.IGNORECASE)
_LONE_MARK = re.compile(rf"(?<=[.!?])[ \t]*\n?{_SUP}[ \t]*(?=\n|$)", re.IGNORECASE)
_TAG_LINE = re.compile(
    rf"{_BEFORE}(<(sup|sub|inf|tex|mml:math|math)\b[^<>]*>(?:[^<]++|<(?!/?\2\b))*+</\2>)[ \t]*\n?",
    re.IGNORECASE,
)
_INNER_TAG = re.compile(r"(?:(?<!\s)\s++)?<[^<>]*>\s*")
_URL = re.compile(r"https?://\S+|\b(?:www\.|github\.com/)\S+")
_NOTE_END = re.compile(r"\.(?=[.,;])")  # the footnote's own full stop, then the sentence that it interrupted
_TEX = re.compile(r"\$\$?([^$\n]{1,300}?)\$\$?")
_TEX_SIGN = re.compile(r"[\\^_{}]")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\((?:https?://|mailto:)[^()\s]+\)")

_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "Pi": "Π", "times": "×", "cdot": "·", "pm": "±", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "infty": "∞", "ell": "ℓ",
    "rightarrow": "→", "to": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "in": "∈",
    "sum": "∑", "prod": "∏", "sqrt": "√", "partial": "∂", "nabla": "∇", "vert": "|", "mid": "|", "prime": "′",
    "circ": "°", "degree": "°", "ldots": "…", "dots": "…", "cdots": "…", "cup": "∪", "cap": "∩",
    "subset": "⊂", "forall": "∀", "exists": "∃", "quad": " ", "qquad": " ", "dagger": "†", "star": "⋆",
    "ast": "∗", "langle": "⟨", "rangle": "⟩", "lVert": "‖", "rVert": "‖", "Vert": "‖", "ll": "≪", "gg": "≫",
}  # fmt: skip
_FONT = re.compile(
    r"\\(?:math(?:bf|cal|rm|bb|frak|sf|it|tt|scr)|boldsymbol|bm|text(?:bf|it|rm|tt|sc)?|operatorname|emph|mbox"
    r"|hat|tilde|bar|vec|overline|underline|widehat|widetilde|displaystyle|left|right|big|Big|rm|bf|it|cal)"
    r"(?![a-zA-Z])\*?\s*"
)
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_FLAT_SCRIPT = re.compile(r"(?<=[A-Za-zα-ω])[\^_]\{?([0-9A-Za-z]{1,3})\}?(?![A-Za-z{])")


def strip_markup(text: str) -> str:
    """`text` with the words of its tags, TeX and links kept and their signs gone.

    A footnote that a publisher printed in the middle of a sentence moves behind the line that it interrupted.
    """
    if "<" in text:
        text = _COMMENT.sub(" ", text)
        text = _DOUBLED.sub(_footnote, text)
        text = _LONE_MARK.sub("", text)
        text = _TAG_LINE.sub(_inline, text)
        text = _MATHML.sub(lambda match: _INNER_TAG.sub("", match[1]), text)
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = re.sub(r"&(?:#\d+|#x[0-9a-f]+|[a-zA-Z]{2,8});", lambda match: html.unescape(match[0]), text)
    if "$" in text:
        text = _TEX.sub(lambda match: tex_to_text(match[1]) if _TEX_SIGN.search(match[1]) else match[0], text)
    return _LINK.sub(r"\1", text)


def tex_to_text(tex: str) -> str:
    r"""TeX mathematics as one would type it: `\mathcal{L}_{2}` is `L2`, `c^{\prime}\neq c` is `c′≠ c`."""
    tex = _FRACTION.sub(r"\1/\2", _FONT.sub("", tex))
    tex = _COMMAND.sub(_symbol, re.sub(r"\\[,;:!> ]", " ", tex))
    tex = re.sub(r"\^\{?(′+|°)\}?", r"\1", tex)
    tex = re.sub(r"_\{?(∞)\}?", r"\1", tex)
    tex = re.sub(r"\{([^{}]*)\}(?=[_^])", r"\1", tex)
    tex = _FLAT_SCRIPT.sub(r"\1", tex)
    tex = re.sub(r"\\([%&#_{}|])", r"\1", tex)
    return re.sub(r"\s+", " ", re.sub(r"[{}\\]", "", tex)).strip()


def _symbol(match: re.Match[str]) -> str:
    return _SYMBOLS.get(match[1], match[1] + " ")


def _inline(match: re.Match[str]) -> str:
    """A tag on a line of its own stands inside the line before and after it, spaces as they are there."""
    tag, name, inner = match[1], match[2].lower(), re.sub(r"^<[^<>]*>|</[^<>]*>$", "", match[1])
    before = match.string[match.start() : match.start(1)].replace("\n", "")
    after = match.string[match.end(1) : match.end()].replace("\n", "")
    if name == "tex":
        inner = tex_to_text(inner.strip().strip("$"))
    elif name in ("math", "mml:math"):
        inner = tag
    return f"{before}{inner.strip()}{after}"


def _footnote(match: re.Match[str]) -> str:
    """What the doubled mark leaves: the interrupted sentence goes on, the footnote follows the line."""
    rest = match[2].strip()
    before = match.string[max(0, match.start() - 200) : match.start()].rstrip()
    end = _note_end(rest)
    note, going_on = rest[:end].strip(), rest[end:]
    if not going_on.strip():
        stop = "" if not before or before[-1] in ".!?:" or not note[:1].isupper() else "."
        return f"{stop} {note}" if note else ""
    note += "" if note[-1:] in ".!?" or _URL.search(note) else "."
    return f"{'' if going_on[:1] in '.,;' else ' '}{going_on.strip()} {note}"


def _note_end(rest: str) -> int:
    """Where the footnote at the head of `rest` ends: its doubled stop, behind its link, or the end."""
    if stop := _NOTE_END.search(rest):
        return stop.end()
    url = _URL.search(rest)
    if url and not re.search(r"[.!?]\s", rest[: url.start()]):
        return url.end()
    return len(rest)
