"""``exposure report``: a page from the command line, and faults that write nothing."""

import hashlib
import json
import subprocess
import sys

from exposure.io import write_package
from tests.page.test_page import content, network


def report(*args):
    command = [sys.executable, "-m", "exposure", "report", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_writes_the_page_at_three_severities_or_nothing(tmp_path):
    folder, out = tmp_path / "net", tmp_path / "page.html"
    write_package(network(facts=[{"fact": "F1"}]), folder)
    done = report("--html", "--control", "B2", "--data", folder, "--out", out)
    assert done.returncode == 3
    assert not out.exists()
    done = report("--html", "--control", "B1", "--data", folder, "--months", 4, "--severities", 3, "--out", out)
    assert done.returncode == 0, done.stderr
    page = content(out.read_text())
    assert [label for _, label in page["severities"]] == ["mildest", "as stated", "harshest"]
    assert len(page["months"]) == 4
    assert report("--control", "B1").returncode == 2


def test_json_tells_what_was_written_with_its_hash(tmp_path):
    folder, out = tmp_path / "net", tmp_path / "page.html"
    write_package(network(facts=[{"fact": "F1"}]), folder)
    done = report(
        "--html", "--control", "B1", "--data", folder, "--months", 4, "--severities", 1, "--out", out, "--json"
    )
    told = json.loads(done.stdout)
    assert (told["written"], told["bytes"]) == (str(out), out.stat().st_size)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["data_sha256"]["items.csv"] == hashlib.sha256((folder / "items.csv").read_bytes()).hexdigest()
    assert [one["severity"] for one in told["severities"]] == [0.0]
    assert told["severities"][0]["sentence"] == content(out.read_text())["cases"][0]["sentence"]
