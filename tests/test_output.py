"""Tables on a terminal: nothing of a number is torn or cut, however narrow it is."""

from __future__ import annotations

import pytest

from bot.cli.output import print_table

HEADINGS = ("kind", "answered", "refused rightly", "numbers found", "seconds")
ROW = ("a question of fact", "12/34 0.353", "1/2 0.500", "123/456 0.270", "4.5")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What is printed is taken for a terminal's."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    return monkeypatch


@pytest.mark.parametrize("width", [30, 45, 60, 200])
def test_a_narrow_terminal_gets_the_table_in_parts(
    width: int, terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("COLUMNS", str(width))
    print_table(HEADINGS, [ROW], numbers=HEADINGS[1:])
    shown = capsys.readouterr().out
    assert all(cell in shown for cell in ROW[1:]), shown
    assert shown.count("kind") == (1 if width == 200 else shown.count("\n\n") + 1)
    assert (shown.count("kind") == 1) == (width > 50)


def test_a_table_without_rows_has_its_headings(
    terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("COLUMNS", "80")
    print_table(HEADINGS, [])
    assert "answered" in capsys.readouterr().out
