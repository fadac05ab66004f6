"""The commands in other languages. Another one is a table and its row in TABLES.

The commands keep their names in every language: help, answers and people name them. All else is translated.
What a table lacks appears in English.
"""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Place

GERMAN = {
    # descriptions
    "Ask a question about the papers in the library": (
        "Frage nach etwas, das in den Artikeln der Bibliothek steht"
    ),
    "What you want to know": "Was du wissen möchtest",
    "Answer from this paper alone": "Nur aus diesem Artikel antworten",
    "Only papers of this year or later": "Nur Artikel aus diesem Jahr oder später",
    "Only papers of this year or earlier": "Nur Artikel aus diesem Jahr oder früher",
    "Only papers of this venue, for example CVPR": "Nur Artikel dieser Konferenz oder Zeitschrift, etwa CVPR",
    "Show the answer to you alone": "Die Antwort nur dir zeigen",
    "Find papers in the library": "Finde Artikel in der Bibliothek",
    "A subject, a method, words of a title": "Ein Thema, ein Verfahren, Wörter eines Titels",
    "Only papers by this author": "Nur Artikel von dieser Person",
    "Show one paper of the library": "Zeige einen Artikel der Bibliothek",
    "Any part of the title": "Ein beliebiger Teil des Titels",
    "Find papers like one that you know": "Finde Artikel, die einem bekannten ähneln",
    "Any part of its title": "Ein beliebiger Teil seines Titels",
    "Show two to six papers side by side, in their own words": (
        "Zeige zwei bis sechs Artikel nebeneinander, in ihren Worten"
    ),
    "Any part of a title": "Ein beliebiger Teil eines Titels",
    "What to compare, for example training data": "Was verglichen wird, etwa Trainingsdaten",
    "Show the papers of an author": "Zeige die Artikel einer Person",
    "Any part of the name": "Ein beliebiger Teil des Namens",
    "Find the paper that says this": "Finde den Artikel, in dem das steht",
    "Words of the paper, ten or more if you can": "Worte des Artikels, möglichst zehn oder mehr",
    "Count the papers on a topic by year and venue": "Zähle die Artikel zu einem Thema nach Jahr und Ort",
    "A subject or a method": "Ein Thema oder ein Verfahren",
    "The library of papers": "Die Bibliothek der Artikel",
    "Show how many papers there are, and when that last changed": (
        "Zeige, wie viele Artikel es gibt und wann sich das zuletzt änderte"
    ),
    "Add papers: PDFs, texts, lists of papers, or links to them": (
        "Artikel aufnehmen: PDFs, Texte, Artikellisten oder Links dazu"
    ),
    "Links, DOIs or arXiv ids, with spaces between": (
        "Links, DOIs oder arXiv-Nummern, durch Leerzeichen getrennt"
    ),
    "A PDF, a text or a list of papers": "Ein PDF, ein Text oder eine Artikelliste",
    "Another file": "Noch eine Datei",
    "Take a paper out of the library": "Einen Artikel aus der Bibliothek nehmen",
    "Put the title, authors or year of a paper right, for good": (
        "Titel, Autoren oder Jahr eines Artikels dauerhaft richtigstellen"
    ),
    "The title as it should be": "Der Titel, wie er sein soll",
    "All authors, with semicolons between": "Alle Autoren, durch Semikolon getrennt",
    "The year in which it appeared": "Das Jahr, in dem er erschien",
    "Try again to read the files that could not be read": "Unlesbare Dateien noch einmal versuchen",
    "Be told of new papers": "Von neuen Artikeln erfahren",
    "Tell me when a new paper on this topic arrives": "Sag mir, wenn ein neuer Artikel zu diesem Thema kommt",
    "The topics that you watch": "Die Themen, die du beobachtest",
    "Watch a topic no longer": "Ein Thema nicht mehr beobachten",
    "Its number in /watch list; none stops all": "Seine Nummer in /watch list; ohne Nummer alle",
    "What I can do": "Was ich kann",
    "How many questions you asked today, and how many you may": (
        "Wie viele Fragen du heute gestellt hast und stellen darfst"
    ),
    "What I keep of you, and whether I may": "Was ich von dir behalte, und ob ich es darf",
    "False: keep nothing of me from now on": "False: von nun an nichts von mir behalten",
    "Everything that I have stored of you, as a file": "Alles, was ich von dir gespeichert habe, als Datei",
    "Erase everything that I have stored of you": "Lösche alles, was ich von dir gespeichert habe",
    "How I behave in this server or in one channel": (
        "Wie ich mich auf diesem Server oder in einem Kanal verhalte"
    ),
    "What to change; nothing shows what holds": "Was sich ändern soll; ohne Angabe wird gezeigt, was gilt",
    "On, off, or as it is in the server": "An, aus, oder wie auf dem Server",
    "Only in this channel": "Nur in diesem Kanal",
    "The library that is asked, where there are several": (
        "Die Bibliothek, die gefragt wird, wo es mehrere gibt"
    ),
    "What is asked here, and what stays unanswered": "Was hier gefragt wird und was ohne Antwort bleibt",
    "The last so many days": "Die letzten so vielen Tage",
    # the menu and the choices
    "Ask about this message": "Zu dieser Nachricht fragen",
    "answers: answer messages that call me": "answers: Nachrichten beantworten, die mich rufen",
    "everything: answer every message, called or not": "everything: jede Nachricht beantworten",
    "threads: answer in a thread": "threads: in einem Thread antworten",
    "forum: answer new forum posts": "forum: neue Beiträge im Forum beantworten",
    "quotes: quote only, without the language model": "quotes: nur zitieren, ohne Sprachmodell",
    "on": "an",
    "off": "aus",
    "as the server": "wie der Server",
    # options
    "question": "frage",
    "paper": "artikel",
    "from": "von",
    "to": "bis",
    "venue": "ort",
    "private": "privat",
    "query": "suche",
    "author": "person",
    "title": "titel",
    "first": "erster",
    "second": "zweiter",
    "third": "dritter",
    "fourth": "vierter",
    "fifth": "fünfter",
    "sixth": "sechster",
    "by": "nach",
    "name": "name",
    "text": "text",
    "topic": "thema",
    "number": "nummer",
    "remember": "merken",
    "what": "was",
    "value": "wert",
    "channel": "kanal",
    "library": "bibliothek",
    "days": "tage",
    "link": "link",
    "authors": "autoren",
    "year": "jahr",
}
TABLES: dict[Locale, dict[str, str]] = {Locale.german: GERMAN}
_KEPT = {Place.command_name, Place.group_name}


class Translator(app_commands.Translator):
    """Looks words up in the tables."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words in that language; None leaves them in English."""
        menu = isinstance(context.data, app_commands.ContextMenu)
        if context.location in _KEPT and not menu:
            return None
        return TABLES.get(locale, {}).get(string.message)
