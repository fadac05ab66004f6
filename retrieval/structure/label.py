"""What to call a page without a title: the name it coins and the first thing it claims, in its own words."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.sentences import sentences
from retrieval.structure.lines import STOP_WORDS

_MOST_WORDS = 12
_READ = 20_000  # characters of a text that may be a whole paper
_NAME = (
    r"(?:[a-z0-9]{0,12}[A-Z][a-z0-9]{0,20}[A-Z][A-Za-z0-9]{0,30}+(?:[-+/][A-Za-z0-9]{1,20}+){0,4}\+{0,2}"
    r"|[A-Za-z]{1,8}-[A-Z]{2,}[A-Za-z0-9]*|[A-Z][a-z]+-[A-Z][a-z]*[A-Z][A-Za-z]*)"
)
_VERB = r"(?:propos|present|introduc|develop|devis|design|describ)(?:e|es|s|ed|ing)?"
_COINED = (
    rf"\b(?:called|named|dubbed|coined|termed|denoted(?: as| by)?|namely)\s*,?\s*[“‘\"']?\s?({_NAME})",
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork)\s+(?:\w+\s+)?{_VERB}\s+(?:an? |the |our )?(?:\w+ ){{0,2}}?"
    rf"[“‘\"']?({_NAME})(?=[\s,:.;”’\"'])(?! \()",
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork)\s+(?:\w+\s+)?{_VERB}\b[^.]{{0,140}}?\(\s?[“‘\"']?({_NAME})[”’\"']?\s?\)",
    rf"\b(?:called|named|dubbed|coined|termed|method,|framework,)\b[^.]{{0,80}}?\(\s?[“‘\"']?({_NAME})\s?\)",
    rf"\b(?:[Oo]ur|proposed|resulting) (?:\w+[, ]+){{0,3}}({_NAME})(?=\W)",
)
_COINING = tuple(re.compile(pattern) for pattern in _COINED)
_FIELD = """
AI ML DL NLP OCR RL SSL SOTA CNN DNN RNN GNN GCN GAN VAE MLP LSTM NeRF CLIP SAM LLM VLM MLLM LVLM
ViT OOD DA UDA DG FL NAS KD QA VQA ASR TTS IR NER KG RAG CoT RLHF PEFT ICL DDPM LDM T2I T2V I2V ISP
HDR SLAM SfM BEV LiDAR IMU CT MRI WSI FPS PSNR SSIM mAP IoU MSE SGD PCA SVM kNN GMM HMM MCMC CRF SVD
FFT DCT ODE PDE GPU CPU TPU API RGB sRGB IEEE ACM CVPR ICCV ECCV ICML ICLR NeurIPS USA
"""
_OF_OTHERS = re.compile(rf"(?:{'|'.join(_FIELD.split())})s?|[A-Z]+s|\d+D|[23]D\w*|RGB\w*")
_PROPOSES = re.compile(
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ii]t|[Aa]uthors)\s+(?:\w+ly\s+|first\s+|then\s+|also\s+)?{_VERB}\s+(?P<what>[^.;]{{1,400}})"
)
_STUDIES = re.compile(
    r"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ss]tudy)\s+(?:\w+ly\s+|first\s+)?(?:address(?:es)?|tackles?|explores?|investigates?"
    r"|stud(?:y|ies)|focus(?:es)? on|revisits?|aims? to|uncovers?)\s+(?P<what>[^.;]{1,400})"
)
_SMALL = STOP_WORDS - {"the", "a", "an"} | {"via", "using", "including"}
_SHORT_FORM = re.compile(r"\s*\([A-Z][\w-]{0,12}\)$")
_ARTICLE = re.compile(r"^(?:an?|the|our)\s+", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:a novel|novel|new|simple yet effective|simple|effective|in this paper)\b,?\s*")
_KIND = re.compile(
    r"^(?:approach|method|framework|model|technique|algorithm|problem|task) (?:called|named|for|of) (?:the )?"
)
_STOP_AT = re.compile(
    r",\s|\s(?:which|that|where|while|and demonstrate|in order|so that|capable"
    r"|designed|tailored|consisting)\s|\s\(|:\s"
)


def label_of(abstract: str, page: str, code_url: str | None = None) -> str:
    """A label of at most twelve words, all of them the page's own: `NAME: claim`, or the claim alone."""
    abstract, page = abstract[:_READ], page[:_READ]
    name = coined_name(abstract, page) or _repository(code_url, page)
    claim = _claim(abstract, name) or _claim(page, name) or _first_words(abstract or page)
    words = _shortened((f"{name}: {claim}" if name else claim).split())
    return " ".join(words).rstrip(" ,;:")


def _shortened(words: list[str]) -> list[str]:
    """At most twelve words; what a cut leaves of a phrase goes with the small word that begins it."""
    if len(words) <= _MOST_WORDS:
        return words
    words = words[:_MOST_WORDS]
    small = [at for at in range(len(words) - 3, len(words)) if words[at].lower().strip(",") in _SMALL]
    words = words[: small[0]] if small else words
    return words[:-1] if words[-1].lower() in STOP_WORDS else words


def coined_name(abstract: str, page: str) -> str | None:
    """The name that the page gives to what it brings, if it gives one."""
    counts = Counter(re.findall(_NAME, page))
    scores: Counter[str] = Counter()
    for text, weight in ((abstract, 3), (page, 1)):
        for rank, pattern in enumerate(_COINING):
            for match in pattern.finditer(text):
                scores[match[1]] += weight * (5 - rank)
    known = {name: score + min(counts[name], 8) for name, score in scores.items() if _is_name(name, page)}
    if not known:
        return None
    best = max(known, key=lambda name: (known[name], len(name)))
    return best if known[best] >= 5 and counts[best] >= 2 else None


def _is_name(name: str, page: str) -> bool:
    """Names of others are cited where they stand; plain plurals and usual acronyms are no names."""
    cited = len(re.findall(rf"\b{re.escape(name)}s? ?\[\d", page))
    return cited == 0 and len(name) > 2 and not _OF_OTHERS.fullmatch(name)


def _repository(code_url: str | None, page: str) -> str | None:
    """The name of the code's repository, where it looks coined."""
    last = (code_url or "").rstrip("/").split("/")[-1]
    return last if "github.com" in (code_url or "") and re.fullmatch(_NAME, last) and last in page else None


def _claim(text: str, name: str | None) -> str:
    """The first clause behind "we propose" and its kin, else behind "we address", without filling words."""
    for pattern in (_PROPOSES, _STUDIES):
        for sentence in sentences(text):
            match = pattern.search(sentence)
            clause = _clause(match["what"].strip(), name) if match else ""
            if len(clause.split()) >= 2:
                return clause
    return ""


def _clause(what: str, name: str | None) -> str:
    if name:
        coined = rf"[“‘\"']?{re.escape(name)}[”’\"']?"
        what = re.sub(rf"^(?:the |our )?{coined}\s*[,:–—]\s*", "", what)
        what = re.sub(rf",?\s*(?:called|named|dubbed|coined|termed),?\s+{coined}", "", what)
        what = re.sub(rf"\s*\(\s?{coined}\s?\)|{coined}", "", what)
    what = _FILLER.sub("", _ARTICLE.sub("", what.strip(" ,:")))
    what = _KIND.sub("", what)
    stop = next(
        (found for found in _STOP_AT.finditer(what) if _is_claim(what[: found.start()], found[0])), None
    )
    clause = what[: stop.start()] if stop else what
    clause = re.sub(r"\s+", " ", _ARTICLE.sub("", clause)).strip(" ,:")
    return _SHORT_FORM.sub("", clause)


def _is_claim(head: str, stop: str) -> bool:
    """Whether the words before a stop say enough by themselves: fewer do where the clause is surely done."""
    least = {",": 4, "(": 3, "that": 4, "which": 4}.get(stop.strip(), 5)
    return len(head.split()) >= least


def _first_words(text: str) -> str:
    return next(iter(sentences(text)), text)
