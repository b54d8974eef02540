"""One simulated year of BoARIO, daily, on a made-up table of some regions and sectors; run in a process of its own.

``python -m benchmarks.boario_year REGIONS SECTORS DAYS`` prints one JSON object.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings

import click
import numpy as np
import pandas as pd

LOST = 100.0
"""Productive capital lost, in the units of the table: a sector makes 50 to 150 of these in a year."""


def main(regions: int, sectors: int, days: int) -> dict[str, float]:
    """Take capital from a sector of one region and let it come back; return the seconds of the year and the output lost.

    ``lost``: output below the first day's, as a share of a day's output of the whole table.
    """
    from boario import event
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    model = ARIOPsiModel(_table(regions, sectors))
    simulation = Simulation(model, n_temporal_units_to_sim=days, register_stocks=False)
    hit = pd.Series([LOST], index=pd.MultiIndex.from_tuples([("r0", "s0")], names=["region", "sector"]))
    simulation.add_event(
        event.from_series(
            hit, event_type="recovery", occurrence=5, duration=10, recovery_tau=90, recovery_function="linear",
            event_monetary_factor=model.monetary_factor,
        )
    )  # fmt: skip
    wall, cpu = time.perf_counter(), time.process_time()
    simulation.loop()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    output = simulation.production_realised.sum(axis=1)
    lost = float((output.iloc[0] - output).clip(lower=0).sum() / output.iloc[0])
    return {"wall": wall, "cpu": cpu, "lost": lost, "days": float(len(output))}


def _table(regions: int, sectors: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Return an input-output table in which half of what a sector makes is bought inputs."""
    import pymrio

    rng = np.random.default_rng(1)
    places = [f"r{k}" for k in range(regions)]
    index = pd.MultiIndex.from_product([places, [f"s{k}" for k in range(sectors)]], names=["region", "sector"])
    count = len(index)
    output = rng.uniform(50, 150, count)
    need = rng.uniform(0, 1, (count, count))
    flows = need / need.sum(axis=0) * 0.5 * output
    final = np.maximum(output - flows.sum(axis=1), 0.05 * output)
    share = rng.uniform(0, 1, (count, regions))
    wanted = pd.MultiIndex.from_product([places, ["final"]], names=["region", "category"])
    bought = pd.DataFrame(share / share.sum(axis=1, keepdims=True) * final[:, None], index=index, columns=wanted)
    table = pymrio.IOSystem(Z=pd.DataFrame(flows, index=index, columns=index), Y=bought)
    table.calc_all()
    return table


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    click.echo(json.dumps(main(*(int(argument) for argument in sys.argv[1:4]))))
