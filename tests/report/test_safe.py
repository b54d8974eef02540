from exposure.report.safe import LONGEST_TEXT, clean, looks_live, without_paths


def test_control_characters_become_spaces_and_newlines_stay():
    assert clean("a\x00b\tc\x1fd\r\ne") == "a b c d\ne"
    assert clean("x\u202etxt.exe") == "x txt.exe"
    assert clean("\ud800half") == " half"


def test_long_text_is_cut_with_a_mark():
    text = clean("x" * 40_000)
    assert len(text) == LONGEST_TEXT
    assert text.endswith("[... cut: 40,000 characters in all]")
    assert clean("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


def test_length_is_counted_as_excel_does():
    # each of these characters takes two places in UTF-16: 20,000 of them are 40,000 places
    text = clean("\U0001f9f2" * 20_000)
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert "cut: 20,000 characters" in text


def test_text_that_would_turn_into_a_formula_is_known():
    assert all(looks_live(text) for text in ("=1+1", "+1", "-2+3", "@SUM(A1)", "  =A1"))
    assert not any(looks_live(text) for text in ("a=b", "5 - 3", "'=1", ""))


def test_folders_of_the_machine_are_left_out():
    assert without_paths("read /home/anna/nets/mine.csv, then C:\\Users\\anna\\x.csv") == "read mine.csv, then x.csv"
    assert without_paths("https://example.org/home/page and t/yr") == "https://example.org/home/page and t/yr"
