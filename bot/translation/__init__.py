"""Questions and answers in other languages than English.

A question is put into English by `bot.helper`, searched and answered in English, and only the checked answer
is translated.

    languages    the languages that are told apart, and what is known of each
    foreign      whether a question is in another language, and which one its answer is to be in
    translating  an answer taken apart into sentences, and put together from translated ones
    same         whether a translated sentence says the same, as far as figures, names and denials show
    translator   the one call of a language model
"""
