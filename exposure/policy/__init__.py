"""What controls do: what each lane may carry in each month, and since when that is known."""

from exposure.policy.belief import open_share
from exposure.policy.clauses import arrival_stops, clauses, covered_lanes, families
from exposure.policy.growth import Growth
from exposure.policy.in_force import in_force
from exposure.policy.limits import Limits, Quota
from exposure.policy.news import first_news, news
from exposure.policy.stages import Stage, stages

__all__ = [
    "Growth",
    "Limits",
    "Quota",
    "Stage",
    "arrival_stops",
    "clauses",
    "covered_lanes",
    "families",
    "first_news",
    "in_force",
    "news",
    "open_share",
    "stages",
]
