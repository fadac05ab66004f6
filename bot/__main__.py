"""The one command line, `footnote` (also `python -m bot`)."""

from __future__ import annotations

import sys

from bot.cli.app import app


def main() -> None:
    """Run the command that the arguments name, and leave with its exit status."""
    app.rich_markup_mode = "markdown" if sys.stdout.isatty() else None
    app(prog_name="footnote")


if __name__ == "__main__":
    main()
