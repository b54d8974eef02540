"""Manners of the command line: examples first, completion of ids, suggestions, workbooks in and out."""

import json
import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from exposure.cli import cli
from tests.tiny import tiny_package


def exposure(*args, cwd=None, **env):
    return subprocess.run(
        [sys.executable, "-m", "exposure", *map(str, args)],
        capture_output=True, text=True, cwd=cwd, timeout=120, env=os.environ | env,
    )  # fmt: skip


def commands(group=cli, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [(), *commands()], ids=" ".join)
def test_help_begins_with_examples(path):
    told = CliRunner().invoke(cli, [*path, "--help"], prog_name="exposure").output
    assert told.startswith("Examples:\n  exposure")
    assert told.index("Usage:") > told.index("Examples:")


@pytest.mark.parametrize(
    ("words", "begun", "found"),
    [
        ("exposure run --control", "CN-2025-04-R", "CN-2025-04-RE7"),
        ("exposure study exposure --item", "ndfeb_h", "ndfeb_hot"),
        ("exposure study exposure --region", "US/auto", "US/auto_lean"),
        ("exposure run", "april", "april_2025_licensing"),
        ("exposure", "tem", "template"),
    ],
)
def test_tab_completes_commands_and_ids(words, begun, found):
    done = exposure(
        _EXPOSURE_COMPLETE="bash_complete", COMP_WORDS=f"{words} {begun}", COMP_CWORD=str(len(words.split()))
    )
    assert any(line.endswith(f",{found}") for line in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_a_shell(shell):
    told = CliRunner().invoke(cli, ["completion", shell]).output
    assert f"_EXPOSURE_COMPLETE={shell}_complete" in told


def test_misspelt_options_and_scenarios_get_a_suggestion():
    assert "--control" in exposure("run", "--contrl", "C1").stderr
    done = exposure("run", "april_2025_licencing")
    assert done.returncode == 3
    assert 'did you mean "april_2025_licensing"' in done.stderr


def test_from_template_to_a_changed_result(tmp_path):
    data, my = tiny_package(tmp_path / "net"), tmp_path / "my.xlsx"
    done = exposure("template", my, "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"] == str(my)
    book = load_workbook(my)
    book["Controls"]["A5"] = "yes"
    book["Scenario"]["B7"] = "Novmber 2026"
    book.save(my)
    done = exposure("check", my, "--data", data)
    assert done.returncode == 3
    assert 'my.xlsx > Scenario!B7: "Novmber 2026" is not a month; write 2026-11' in done.stdout
    assert load_workbook(tmp_path / "my.checked.xlsx")["Scenario"]["B7"].comment
    book["Scenario"]["B7"] = "2025-04"
    book["Figures"]["F5"] = 1.5
    book.save(my)
    done = exposure("check", my, "--data", data)
    assert "Figures!F5" in done.stdout
    losses = []
    book["Figures"]["F5"] = None
    for share in (0.5, 0.1):
        book["Figures"]["F5"] = share
        book.save(my)
        done = exposure("run", my, "--data", data, "--json")
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)["summary"]
        losses.append(next(row["loss_usd"] for row in rows if row["response"] == "contracts"))
    assert losses[1] > losses[0] > 0


def test_a_template_does_not_replace_work(tmp_path):
    data, my = tiny_package(tmp_path / "net"), tmp_path / "my.xlsx"
    my.write_bytes(b"work")
    done = exposure("template", my, "--data", data)
    assert done.returncode == 3
    assert "--force" in done.stderr
    assert my.read_bytes() == b"work"
