"""When data ends, what holds it, and the record of what has ended."""

from retention.models.hold import Hold
from retention.models.ledger import LedgerEntry
from retention.models.limits import SweepLimits
from retention.models.management_end import ManagementEnd
from retention.models.records_end import RecordsEnd
from retention.models.rule import RetentionRule
from retention.models.statistics import BuildingQuarter, BuildingYear
from retention.models.sweep import ComingEnd, ErasureRecord, Sweep, SweepApproval, SweepBatch

__all__ = [
    "BuildingQuarter",
    "BuildingYear",
    "ComingEnd",
    "ErasureRecord",
    "Hold",
    "LedgerEntry",
    "ManagementEnd",
    "RecordsEnd",
    "RetentionRule",
    "Sweep",
    "SweepApproval",
    "SweepBatch",
    "SweepLimits",
]
