"""What an answer without a language model is made of, before bot/extractive.py puts it together. Pure.

candidates  the sentences of passages and the rows of tables that can be quoted
readable    which of them can be read out of their place, and how they are shown
asked       what a question asks for by its kind, and what shows it in a paper
concepts    which words answer for which
worth       how well a sentence answers, beside what was already said
"""
