"""Prices, costs, and what a person, a server and everybody may spend in a day."""

from __future__ import annotations

import pytest

from bot.ledger import FREE, Caps, Ledger, Price, cost, price_of, read_prices
from bot.models import Usage


def test_a_cost_is_counted_by_the_million() -> None:
    assert cost(Usage(2_000_000, 500_000), Price(0.15, 0.6)) == pytest.approx(0.6)
    assert cost(Usage(9, 9), FREE) == 0.0


def test_prices_of_several_models_are_read() -> None:
    found = read_prices(" gpt-4o = 2.5/10, llama3.1:8b=0/0 ,")
    assert found == {"gpt-4o": Price(2.5, 10.0), "llama3.1:8b": FREE}
    assert price_of("gpt-4o", found, FREE) == Price(2.5, 10.0)
    assert price_of("another", found, Price(1, 2)) == Price(1, 2)
    assert read_prices("") == {}


@pytest.mark.parametrize("told", ["gpt-4o", "gpt-4o=2.5", "gpt-4o=cheap/free", "=1/2", "a=1/2;b=3/4"])
def test_a_price_that_cannot_be_read_says_how_to_write_it(told: str) -> None:
    with pytest.raises(ValueError, match="MODEL=READ/WRITTEN"):
        read_prices(told)


def spent(*charges: tuple[float, int, int]) -> Ledger:
    ledger = Ledger()
    ledger.turn("2024-05-01")
    for money, person, server in charges:
        ledger.charge(Usage(10, 1, cost=money), person, server)
    return ledger


def test_a_ledger_knows_who_spent_what_and_where() -> None:
    ledger = spent((0.2, 1, 7), (0.3, 1, 8), (0.5, 2, 8))
    assert ledger.spent() == pytest.approx(1.0)
    assert ledger.spent("person", 1) == pytest.approx(0.5)
    assert ledger.spent("server", 8) == pytest.approx(0.8)
    assert ledger.spent("person", 99) == 0.0
    assert (ledger.usage.read, ledger.usage.written) == (30, 3)


@pytest.mark.parametrize(
    ("caps", "reached"),
    [
        (Caps(), None),
        (Caps(person=0.6, server=0.9, day=1.1), None),
        (Caps(person=0.5, server=0.1, day=0.1), "person"),
        (Caps(person=0.6, server=0.8, day=0.1), "server"),
        (Caps(person=0.6, day=1.0), "day"),
    ],
)
def test_the_limit_nearest_to_the_person_is_named(caps: Caps, reached: str | None) -> None:
    assert spent((0.2, 1, 7), (0.3, 1, 8), (0.5, 2, 8)).used_up(caps, person=1, server=8) == reached


def test_a_direct_message_has_no_cap_of_a_server() -> None:
    assert spent((5.0, 1, 0)).used_up(Caps(server=1.0), person=1, server=0) is None


def test_another_day_begins_with_nothing_and_the_same_day_goes_on() -> None:
    ledger = spent((5.0, 1, 7))
    ledger.turn("2024-05-01")
    assert ledger.used_up(Caps(day=1.0)) == "day"
    ledger.turn("2024-05-02")
    assert ledger.used_up(Caps(person=1.0, server=1.0, day=1.0), 1, 7) is None
    assert ledger.usage == Usage()
