"""Which language a text is in, as far as its letters and small words tell, and what is known of each. Pure.

English is told apart with care: most questions are English, full of names, and must not be taken for another
language. What no rule knows is taken for English.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

SHARE = 0.3  # of the letters, from which on the script alone tells
DENSE = 3  # Latin letters that one of Chinese, Japanese or Korean writing is worth


@dataclass(frozen=True, slots=True)
class Language:
    """A language that answers can be put into."""

    name: str  # in English, as a language model knows it
    own: str  # as its speakers call it
    words: frozenset[str] = field(default=frozenset(), repr=False)  # which neither English nor names have
    letters: str = ""  # that mark it among those of one script
    denies: str = ""  # a pattern of its words for "not"; "" where it is a part of other words
    ordered: bool = True  # its sentences mostly keep the order of an English one


def _latin(name: str, own: str, words: str, letters: str = "", denies: str = "") -> Language:
    return Language(name, own, frozenset(words.split()), letters, denies, ordered=bool(denies))


LATIN = (
    _latin(
        "German",
        "Deutsch",
        """aber auf aus bei beim das dass dem dies diese dieser dieses durch ein eine einem einen einer eines
        erreicht für gegen gibt haben ich ihr ihre ist kann kein keine können mir mit nach nicht nur oder
        sich sind über um und unter vom vor warum was wann welche welchem welchen welcher welches wenn wer
        werden wie wieviel wird wurde wurden wo worin wozu zeig zu zum zur zwischen vergleiche danke hallo
        hilfe tschüss bitte arbeiten artikel""",
        "äöüß",
        r"nichts?|kein\w*|ohne|nie|niemals|weder|kaum|nirgends|nirgendwo",
    ),
    _latin(
        "French",
        "français",
        """au aux avec ce cet cette ces chez combien dans depuis des elle elles entre est et être fait il ils
        je les leur leurs lors mais nous ou où parle pas plus pourquoi quand que quel quelle quelles quels
        est-ce qui quoi sa sans ses sont sur très une vous y-a-t-il a-t-il compare merci bonjour salut
        aide articles marche fonctionne papiers travaux études""",
        "àâçèéêëîïôùûœ",
        r"pas|jamais|aucune?|sans|ni|rien|non|guère",
    ),
    _latin(
        "Spanish",
        "español",
        """cómo como cuál cuáles cuándo cuánto cuánta cuántos cuántas del desde donde dónde el ella en entre
        es esta este esto estos están esa ese está fue hay las los muy más para pero por porque qué quién
        quiénes que según ser son su sus sobre también tiene tienen un una unos y compara gracias hola
        ayuda artículos trabajos funciona estudios""",
        "ñáéíóú¿¡",
        r"no|nunca|ning[uú]n\w*|sin|ni|jamás|tampoco|nada",
    ),
    _latin(
        "Italian",
        "italiano",
        """anche che chi come con cosa cos è del della delle dello degli dei di dove gli ha hanno il in le
        nel nella nelle perché più per qual quale quali quando quanti quanto quante questa questo sono su
        sui sul sulla sulle tra un una uno viene confronta grazie ciao aiuto articoli lavori funziona
        studi""",
        "àèéìòù",
        r"non|nessun\w*|senza|mai|né|neanche|niente",
    ),
    _latin(
        "Portuguese",
        "português",
        """à às com como da das do dos e é em entre essa esse esta este existe existem foi há isso mais mas
        não nas nos numa o os ou para pela pelo por porque qual quais quando quanto quantos quantas que
        quem são se sem ser seu sobre também tem têm um uma compare obrigado obrigada olá ajuda artigos
        trabalhos funciona estudos""",
        "ãõáâàéêíóôúç",
        r"não|nunca|nenhum\w*|sem|nem|jamais|nada",
    ),
    _latin(
        "Dutch",
        "Nederlands",
        """aan als bij dan dat de deze die dit door een en er geen hebben heeft het hoe is was in vergelijk
        hoeveel ik je kan met naar niet nog ook op over over te tot tussen uit van vanaf veel voor waar
        waarom waarover wanneer wat welk welke werkt wie wordt worden zijn zonder dank bedankt hallo
        artikelen""",
        "ë",
        r"niet|geen|zonder|nooit|noch|nergens|niets",
    ),
    _latin(
        "Polish",
        "polski",
        """co czy czym dla dlaczego do gdzie ile ja jak jaka jaki jakie jakich jako jest kiedy kto która
        które który którzy lub ma mają między na nie oraz od po pod prace przez przy się są tego to tych
        za ze porównaj dzięki dziękuję cześć pomoc artykuły działa""",
        "ąćęłńśźż",
        r"nie|bez|żad\w+|nigdy|ani|nic",
    ),
    _latin(
        "Swedish",
        "svenska",
        """att av de den det dem eller en ett finns från för har hur hos hur inte jag kan med mellan många
        mot och om på som till under vad var varför vem vid vilka vilken vilket är tack hej hjälp artiklar""",
        "åäö",
        r"inte|ej|ingen|inget|inga|utan|aldrig|varken",
    ),
    _latin(
        "Danish",
        "dansk",
        """af at de den det der eller en er et findes for fra har hvad hvem hvilke hvilken hvilket hvor
        hvordan hvorfor ikke kan mange med mellem og om på som til tak hej hjælp artikler virker""",
        "æøå",
        r"ikke|ingen|intet|uden|aldrig|hverken",
    ),
    _latin(
        "Norwegian",
        "norsk",
        """av at de den det eller en er et finnes for fra har hva hvem hvilke hvilken hvilket hvor hvordan
        hvorfor ikke kan mange med mellom og om på som til takk hei hjelp artikler virker fungerer""",
        "æøå",
        r"ikke|ingen|intet|uten|aldri|verken",
    ),
    _latin(
        "Finnish",
        "suomi",
        """ei että ja jotka kuinka kuka miksi mikä millainen milloin minkä missä miten mitkä mitä montako on
        onko ovat sekä tai kiitos hei moi apua artikkelit toimii""",
        "äö",
    ),
    _latin(
        "Czech",
        "čeština",
        """co co je jaká jaké jaký jak jaká jakou kde kdo kdy která které který kolik mezi na nebo o pro proč
        se si ve že děkuji ahoj pomoc články funguje""",
        "áčďéěíňóřšťúůýž",
    ),
    _latin(
        "Romanian",
        "română",
        """ale care ce când cât câte câți cine cu cum de despre din este există în între la mai pe pentru
        prin sau sunt și un unde mulțumesc bună articole funcționează""",
        "ăâîșț",
        r"nu|fără|nici|niciodată|niciun\w*|nimic",
    ),
    _latin(
        "Hungarian",
        "magyar",
        """a az és egy hány hogy hogyan hol ki kik mely melyek melyik mennyi mi mikor milyen miért mit nem
        szól van vannak köszönöm szia cikkek működik""",
        "áéíóöőúüű",
    ),
    _latin(
        "Turkish",
        "Türkçe",
        """bir bu da hangi hangileri için ile kaç kim mi mu mı nasıl ne neden nedir nerede niçin olan ve var
        veya teşekkürler merhaba yardım makale makaleler çalışır""",
        "çğıöşü",
    ),
    _latin(
        "Indonesian",
        "Bahasa Indonesia",
        """ada adalah antara apa apakah atau bagaimana berapa dalam dan dari dengan di ini itu kapan mana
        mengapa oleh pada siapa tentang untuk yang terima kasih halo makalah""",
    ),
    _latin(
        "Vietnamese",
        "Tiếng Việt",
        """bao bài báo cái các cho có của gì giữa khi không là làm một nào nhiêu những như sao thế trên trong
        và về với cảm ơn""",
        "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    ),
)
SCRIPTS = {
    "CYRILLIC": Language("Russian", "русский", denies=r"не|нет|без|ни|никогда|нельзя"),
    "GREEK": Language("Greek", "ελληνικά", denies=r"δεν|μην|όχι|χωρίς|ούτε|ποτέ"),
    "ARABIC": Language("Arabic", "العربية", ordered=False),
    "HEBREW": Language("Hebrew", "עברית", denies=r"לא|אין|ללא|בלי|אינו|אינה|אינם", ordered=False),
    "DEVANAGARI": Language("Hindi", "हिन्दी", ordered=False),
    "HIRAGANA": Language("Japanese", "日本語", ordered=False),
    "KATAKANA": Language("Japanese", "日本語", ordered=False),
    "CJK": Language("Chinese", "中文", ordered=False),
    "HANGUL": Language("Korean", "한국어", ordered=False),
    "THAI": Language("Thai", "ไทย", ordered=False),
}
"""What a script is taken for."""
_NAMED_SO = frozenset(
    """
    ARMENIAN BENGALI GEORGIAN GUJARATI KANNADA KHMER LAO MALAYALAM SINHALA TAMIL TELUGU TIBETAN
    """.split()  # noqa: SIM905
)
"""Scripts that have the name of their language."""
UKRAINIAN = Language("Ukrainian", "українська", letters="іїєґ", denies=r"не|немає|без|ні|ані|ніколи")
PERSIAN = Language("Persian", "فارسی", letters="پچژگ", ordered=False)

_ENGLISH = frozenset(
    """
    the of what how does do did is are was were which who why when where and or with for from on in to by at
    as that this these those it its between about any there many much can could has have had not than more
    most paper papers method methods model models use used using compare find show list tell me my i you
    your we an be been if then into over under thanks thank hello help please a
    """.split()  # noqa: SIM905 - a page of words reads better than a list of them
)
_SHARED = _ENGLISH | frozenset(
    """
    die den dem des der war hat am so also de la le les el los las il o e y du da das dos di del della van
    von en et con come non par pour comment son sans plus pas data under som med men har si no que un se te
    ze na co po za ma ki mi az er op om all ni ve mu ne je ja chat sur qui vi dan al alles als à vid w per
    """.split()  # noqa: SIM905
)
"""Words that stand in English texts or names too: they only tell which of several languages it is."""
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
_WORD = re.compile(r"(?<![^\s(¿¡\"“„«])[^\W\d_]+(?:-[^\W\d_]+)*(?=[.,;:?!…]*(?:[\s)\"”“»]|\Z))")
"""Words of letters alone, with hyphens: parts of names, formulas and addresses are none."""
_ONLY_ENGLISH = _ENGLISH - frozenset().union(*(one.words for one in LATIN))


NAMED = {one.name.casefold(): one for one in (*LATIN, *SCRIPTS.values(), UKRAINIAN, PERSIAN)}
"""All that are known, by their English name in small letters."""


def language(text: str) -> Language | None:
    """The language of `text`; None for English, and for what is too short to tell."""
    plain = unicodedata.normalize("NFKC", text)  # letters in bold or in circles are letters
    return _by_script(plain) or _by_words(plain)


def _by_script(text: str) -> Language | None:
    """The language of another script than Latin; single letters are signs of a formula."""
    weights: Counter[str] = Counter()
    for word in re.findall(r"[^\W\d_]+", text):
        for char in word:
            script = unicodedata.name(char, "?").partition(" ")[0]
            dense = script in ("HIRAGANA", "KATAKANA", "CJK", "HANGUL")
            if len(word) > 1 or dense:
                weights[script] += DENSE if dense else 1
    latin = weights.pop("LATIN", 0) + weights.pop("MICRO", 0)
    total = sum(weights.values())
    if total == 0 or total < SHARE * (total + latin):
        return None
    script = "HIRAGANA" if weights["HIRAGANA"] or weights["KATAKANA"] else weights.most_common(1)[0][0]
    if script == "CYRILLIC" and set(text.lower()) & set(UKRAINIAN.letters):
        return UKRAINIAN
    if script == "ARABIC" and set(text) & set(PERSIAN.letters):
        return PERSIAN
    if script in _NAMED_SO:
        return Language(script.capitalize(), script.capitalize(), ordered=False)
    return SCRIPTS.get(script)


def _by_words(text: str) -> Language | None:
    """The Latin language whose small words stand in `text`, where they outweigh the English ones."""
    plain = [
        word.lower()
        for number, word in enumerate(_WORD.findall(_APOSTROPHE.sub(" ", text)))
        if not (word.isupper() if number == 0 else word[0].isupper())  # a name, or a German noun
    ]
    english = sum(word in _ONLY_ENGLISH for word in plain)
    best, most = None, 0.0
    for one in LATIN:
        sure = sum(word in one.words and word not in _SHARED for word in plain)
        marked = sum(any(char in one.letters for char in word) for word in plain)
        if sure == 0 and marked < 3:
            continue
        shared = sum(word in one.words and word in _SHARED for word in plain)
        told = sure + marked + shared / 2
        if told > most and sure + marked > english:
            best, most = one, told
    return best


def english_words(text: str) -> int:
    """How many of the words of `text` only English has."""
    return sum(word in _ONLY_ENGLISH for word in re.findall(r"[a-z]+", text.lower()))
