import os

import pytest

from exposure.errors import InputError, OutputError
from exposure.io import read_limited, safe_name, write_atomically


def test_write_and_overwrite(tmp_path):
    path = tmp_path / "a.txt"
    write_atomically(path, "one\n")
    write_atomically(str(path), b"two\n")
    assert path.read_bytes() == b"two\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_earlier_file_survives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_atomically(path, "one")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_atomically(path, "two")
    assert path.read_text() == "one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_interrupt_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupt(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.txt", "two")
    assert [entry.name for entry in tmp_path.iterdir()] == []


def test_links_folders_and_missing_folders_are_refused(tmp_path):
    (tmp_path / "real.txt").write_text("keep")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    for path, words in [
        (tmp_path / "link.txt", "symbolic link"),
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "a.txt", "does not exist"),
    ]:
        with pytest.raises(OutputError, match=words):
            write_atomically(path, "x")
    assert (tmp_path / "real.txt").read_text() == "keep"


def test_mode_of_an_earlier_file_is_kept(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one")
    path.chmod(0o640)
    write_atomically(path, "two")
    assert path.stat().st_mode & 0o777 == 0o640


def test_reading_what_is_no_file(tmp_path):
    for path, words in [(tmp_path / "no.csv", "no such file"), (tmp_path, "this is a folder")]:
        with pytest.raises(InputError, match=words):
            read_limited(path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not an ordinary file"):
        read_limited(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("april licensing, double magnet stock", "april-licensing-double-magnet-stock"),
        ("../../x", "x"),
        ("C:\\x", "C-x"),
        ("con", "_con"),
        ("LPT1.txt", "_LPT1.txt"),
        ("a/b", "a-b"),
        ("one\ntwo", "one-two"),
        ("Türkiye", "Türkiye"),
        (".hidden", "hidden"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["x" * 300, "中" * 300, "😀", "", "...", "\ud800"])
def test_names_with_nothing_to_keep_or_too_much(name):
    safe = safe_name(name)
    assert 8 < len(safe.encode()) <= 120
    assert "/" not in safe


def test_long_names_that_begin_alike_stay_apart():
    assert safe_name("x" * 300 + "a") != safe_name("x" * 300 + "b")


def test_taken_names_are_counted_on():
    assert safe_name("A b", taken={"a-b", "a-b-2"}) == "A-b-3"
