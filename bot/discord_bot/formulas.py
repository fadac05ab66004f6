"""LaTeX as people read it in a chat, which draws none: `$\\alpha_i^2 \\leq 1$` becomes `αᵢ² ≤ 1`. Pure."""

from __future__ import annotations

import re

_LETTERS = """
alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο
pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω
"""
_SIGNS = """
sum ∑ prod ∏ int ∫ partial ∂ nabla ∇ infty ∞ sqrt √ ell ℓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼
propto ∝ equiv ≡ times × cdot · pm ± odot ⊙ otimes ⊗ oplus ⊕ circ ∘ ll ≪ gg ≫ to → rightarrow → leftarrow ←
mapsto ↦ Rightarrow ⇒ leftrightarrow ↔ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ emptyset ∅ forall ∀
exists ∃ mid | Vert ‖ langle ⟨ rangle ⟩ top ⊤ prime ′ ldots … dots … cdots …
varepsilon ε vartheta θ varphi φ varrho ρ varsigma σ
"""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SIGNS: dict[str, str] = {
    **_pairs(_LETTERS),
    **{name.capitalize(): letter.upper() for name, letter in _pairs(_LETTERS).items()},
    **_pairs(_SIGNS),
    **dict.fromkeys(("left", "right", "displaystyle"), ""),
    **dict.fromkeys(("quad", "qquad"), " "),
}
"""Commands of LaTeX -> the sign that stands for each. Of any other the name is left."""
_RAISED = dict(zip("0123456789+-=()niTt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵗ", strict=True))
_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_FORMULA = re.compile(
    r"\$\$(?P<a>[^$]{1,600}?)\$\$|\\\[(?P<b>.{1,600}?)\\\]|\\\((?P<c>.{1,300}?)\\\)"
    r"|(?<![\w$\\])\$(?P<d>[^\s$](?:[^$\n]{0,298}[^\s$])?)\$(?![\w$])",
    re.DOTALL,
)
_MATHEMATICAL = re.compile(r"[\\^_{=<>]|^[A-Za-z]$")
_MARK = re.compile(r"\[\d+\]")
_WRAPPED = re.compile(
    r"\\(?:math(?:cal|bf|bb|rm|it|sf|frak)|boldsymbol|bm|text(?:bf|it|rm)?|operatorname|widehat|hat|widetilde"
    r"|tilde|overline|bar|vec)\*?\s*\{([^{}]*)\}"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SHIFTED = re.compile(r"([\^_])(?:\{([^{}]*)\}|(\S))")


def readable_formulas(text: str) -> str:
    """`text` with its formulas in signs. Code is left alone, and so is what is no formula (`$5 to $10`)."""
    parts = _CODE.split(text)
    return "".join(part if at % 2 else _FORMULA.sub(_shown, part) for at, part in enumerate(parts))


def _shown(found: re.Match[str]) -> str:
    inside = next(part for part in found.groups() if part is not None)
    if _MARK.search(inside) or not _MATHEMATICAL.search(inside):
        return found[0]
    told = _in_signs(inside)
    return f"`{told}`" if re.search(r"[*_~|<>]", told) else told


def _in_signs(formula: str) -> str:
    for _ in range(3):  # what is nested, from the inside
        formula = _WRAPPED.sub(r"\1", formula)
        formula = _FRACTION.sub(lambda found: f"{_grouped(found[1])}/{_grouped(found[2])}", formula)
        formula = _ROOT.sub(lambda found: f"√{_grouped(found[1])}", formula)
    formula = re.sub(r"\\[,;:! ]|~", " ", formula).replace("\\|", "‖").replace("`", "'")
    formula = _COMMAND.sub(lambda found: SIGNS.get(found[1], found[1]), formula)
    formula = _SHIFTED.sub(_shifted, formula)
    return " ".join(formula.replace("\\", "").replace("{", "").replace("}", "").split())


def _grouped(part: str) -> str:
    return part if re.fullmatch(r"\\?[\w√]+", part.strip()) else f"({part.strip()})"


def _shifted(found: re.Match[str]) -> str:
    """What stands high or low, in signs that do; else after its sign."""
    sign, part = found[1], (found[2] if found[2] is not None else found[3]).strip()
    table = _RAISED if sign == "^" else _LOWERED
    if part and all(letter in table for letter in part):
        return "".join(table[letter] for letter in part)
    return f"{sign}{part}" if len(part) == 1 or part.isalnum() else f"{sign}({part})"
