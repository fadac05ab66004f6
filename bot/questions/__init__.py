"""What the words of a question say, before bot/router.py decides how it is answered. Pure.

chatter       what is said around a question
restrictions  years, venues and authors
sides         what is compared with what
named_paper   the paper that is named, by its title or by what it brings
named_author  whether "papers by X" means a person
named_sides   several papers that are named, and compared
just_cited    a question that names no paper, within a conversation about one
those_cited   a question of all papers just cited, or of the rest of them
ordinals      which items of a list "the second one" means
"""
