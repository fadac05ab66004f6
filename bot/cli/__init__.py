"""The commands of `footnote`, one file a group.

Nothing here is needed to answer a question: each command reads its options, calls one thing and prints what
it gives. Whatever takes long to import (settings, library, assistant) is imported by the command that needs
it, so that `footnote --help` comes at once.
"""
