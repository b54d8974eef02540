"""The command line: parse, one library call, print or write. Data goes to stdout, talk and progress to stderr."""

from __future__ import annotations

import gc
import os
import sys

import click

from exposure.cli.asking import check, explain, list_
from exposure.cli.manners import Group, say
from exposure.cli.reporting import app, report
from exposure.cli.running import run
from exposure.cli.studying import study
from exposure.cli.workbooks import completion, data, template
from exposure.errors import ExposureError

EXAMPLES = """\b
  exposure run                                        every announced control, one workbook
  exposure run --control CN-2025-04-RE7 --months 12   one control
  exposure run case.yaml --out reports/case.xlsx      a scenario file
  exposure run --control CN-2025-04-RE7 --set stocks.ndfeb_hot:US.cover_months=6 --json
  exposure list controls
  exposure explain ndfeb_hot
  exposure template my.xlsx --scenario april_2025_licensing
  exposure check my.xlsx
  exposure report --html --control CN-2025-04-RE7     a page with pictures
  exposure study exposure --item dy_oxide --product ev --region US
"""

COLLECT = (20_000, 20, 100)
"""How seldom Python looks for rubbish in circles: nearly all that a command makes it keeps to the end, and each look at all of it
took a tenth of a second."""


@click.group(cls=Group, help=f"What an export control stops, where, from when, worth how much.\n\n{EXAMPLES}")
@click.version_option(package_name="exposure")
def cli() -> None:
    """Hold the commands together."""


for command in (run, list_, explain, check, study, template, data, report, app, completion):
    cli.add_command(command)


def main() -> None:
    """Run the command line and turn errors into exit codes: 2 usage, 3 input, 4 solver, 5 check failed, 130 interrupted."""
    gc.set_threshold(*COLLECT)
    debug = "--debug" in sys.argv
    try:
        code = cli.main(
            args=[arg for arg in sys.argv[1:] if arg != "--debug"], prog_name="exposure", standalone_mode=False
        )
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        say("interrupted")
        sys.exit(130)
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except ExposureError as error:
        if debug:
            raise
        say(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
