"""What this room adds to the demo office: the quarters that are over are closed."""

from datetime import date

from accounts.acting import Program
from registers.demo import add_to_demo
from retention.services.statistics import freeze_statistics


@add_to_demo
def close_statistics(today: date) -> None:
    freeze_statistics(on=today, by=Program("demo"))
