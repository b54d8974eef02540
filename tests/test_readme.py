"""The README is true: its code blocks run, and it names every command, table and equation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exposure.cli import cli
from exposure.lp.equations import EQUATIONS
from exposure.response import TABLE_NAMES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def files(tmp_path):
    """Write the tables that the README shows, each named on the line before."""
    for name, text in re.findall(
        r"`(my_rule/\w+\.csv)`[^`\n]*(?:`[^`\n]*`[^`\n]*)*:\n\n```csv\n(.*?)```", README, re.DOTALL
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("block", blocks("bash"))
def test_command_lines_run(block, tmp_path, files):
    for line in filter(str.strip, block.splitlines()):
        command = [sys.executable, "-m", "exposure", *line.split()[1:]]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=180)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run(block, tmp_path):
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=tmp_path, timeout=180)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("yaml"))
def test_scenario_block_is_a_scenario(block, tmp_path):
    (tmp_path / "case.yaml").write_text(block)
    done = subprocess.run(
        [sys.executable, "-m", "exposure", "check", "case.yaml"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_table_and_equation_is_named():
    assert [name for name in cli.commands if f"exposure {name}" not in README] == []
    assert [name for name in (*EQUATIONS, *TABLE_NAMES) if f"`{name}`" not in README] == []
