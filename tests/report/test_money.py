import pytest

from exposure.report.money import Money, short, usd


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "USD 0"),
        (0.009, "USD 0"),
        (7, "USD 7.0"),
        (12_345, "USD 12,000"),
        (999_700, "USD 1.0 m"),
        (46_900_000, "USD 47 m"),
        (980_000_000, "USD 980 m"),
        (3_140_000_000, "USD 3.1 bn"),
        (134_629_300_000, "USD 130 bn"),
        (2.5e12, "USD 2.5 tn"),
        (-3_140_000_000, "USD -3.1 bn"),
    ],
)
def test_amounts_in_words_have_two_digits(amount, words):
    assert usd(amount) == words
    assert short(amount) == words.removeprefix("USD ")


def test_the_unit_of_a_workbook_follows_its_largest_amount():
    assert Money.fitting([10.0, 2_000_000.0]) == Money(1e6, "USD million")
    assert Money.fitting([10.0, float("nan")]) == Money(1.0, "USD")
    assert Money.fitting([]) == Money(1.0, "USD")
