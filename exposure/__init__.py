"""Supply-chain exposure calculator for US-China export controls.

>>> import exposure as ex
>>> net = ex.load()                                      # the built-in network, or ex.load("my_network/")
>>> net = ex.load(extend="my_company/")                  # your own items, recipes, lanes and demand laid over it
>>> case = ex.Scenario(name="april", start="2025-04", controls=["CN-2025-04-RE7"])
>>> out = ex.run(net, case)                              # all three response levels
>>> out.loss, out.gap, out.limits, out.why               # DataFrames
>>> ex.exposure_tables(net, item="dy_oxide", product="ev", region="US").origins    # who made the dysprosium in a car
"""

from exposure.errors import CheckFailed, ExposureError, Finding, InputError, OutputError, SolverError
from exposure.load import load
from exposure.model import Network, Override, Scenario
from exposure.response import Outcome, run
from exposure.studies.content_rules import content_rules
from exposure.studies.ensemble import Ensemble, ensemble
from exposure.studies.exposure_tables import ExposureTables, exposure_tables

__all__ = [
    "CheckFailed",
    "Ensemble",
    "ExposureError",
    "ExposureTables",
    "Finding",
    "InputError",
    "Network",
    "Outcome",
    "OutputError",
    "Override",
    "Scenario",
    "SolverError",
    "content_rules",
    "ensemble",
    "exposure_tables",
    "load",
    "run",
]
