"""Supply-chain exposure calculator for US-China export controls.

>>> import exposure as ex
>>> net = ex.load()                                      # the built-in network, or ex.load("my_network/")
>>> case = ex.Scenario(name="april", start="2025-04", controls=["CN-2025-04-RE7"])
>>> out = ex.run(net, case)                              # all three response levels
>>> out.loss, out.gap, out.limits, out.why               # DataFrames
"""

from exposure.errors import CheckFailed, ExposureError, Finding, InputError, OutputError, SolverError
from exposure.load import load
from exposure.model import Network, Override, Scenario
from exposure.response import Outcome, run

__all__ = [
    "CheckFailed",
    "ExposureError",
    "Finding",
    "InputError",
    "Network",
    "Outcome",
    "OutputError",
    "Override",
    "Scenario",
    "SolverError",
    "load",
    "run",
]
