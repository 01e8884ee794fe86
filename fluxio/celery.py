"""The task queue and the whole schedule. Tasks live in their room's tasks.py."""

import logging
import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging, worker_ready

logger = logging.getLogger(__name__)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxio.settings")

ALWAYS = {"accounts.tasks.heartbeat"}


class OpenTask(Task):
    """Nothing is done while the application is closed after a restore: mail would go to people who were erased."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from retention.services.closing import is_closed  # apps are loaded by now

        if self.name not in ALWAYS and is_closed():
            logger.warning("Closed until erasures are replayed: %s was not run.", self.name)
            return None
        return super().__call__(*args, **kwargs)


app = Celery("fluxio", task_cls=OpenTask)
app.set_default()  # in every thread of the web server, not only in the one that reads this
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "worker heartbeat": {"task": "accounts.tasks.heartbeat", "schedule": 20.0, "options": {"expires": 20}},
    "imports left waiting": {"task": "registers.tasks.collect_imports", "schedule": 30.0, "options": {"expires": 30}},
    "old imports": {"task": "registers.tasks.purge_old_imports", "schedule": crontab(hour="3", minute="10")},
    "months of the access log": {
        "task": "registers.tasks.keep_log_of_looks",
        "schedule": crontab(hour="3", minute="15"),
    },
    "mail that is due": {"task": "mail.tasks.collect_due", "schedule": 30.0, "options": {"expires": 30}},
    "old mail": {"task": "mail.tasks.empty_sent_messages", "schedule": crontab(hour="3", minute="30")},
    "unconfirmed consents": {
        "task": "consent.tasks.purge_consent_requests",
        "schedule": crontab(hour="3", minute="25"),
    },
    "seals of disclosures": {"task": "disclosures.tasks.seal_disclosures", "schedule": 5.0, "options": {"expires": 5}},
    "changes for notices": {
        "task": "disclosures.tasks.take_changes_for_notices",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "files of disclosures": {"task": "disclosures.tasks.purge_disclosure_files", "schedule": crontab(minute="40")},
    "head of disclosures": {"task": "disclosures.tasks.write_head", "schedule": crontab(hour="2", minute="0")},
    # Each asks whether these are the quiet hours, which the office sets, and whether it was done.
    "what has ended": {"task": "retention.tasks.sweep_nightly", "schedule": crontab(minute="5,35")},
    "tables to rewrite": {"task": "retention.tasks.rewrite_in_quiet_hours", "schedule": crontab(minute="20,50")},
    "sweeps left behind": {"task": "retention.tasks.collect_sweeps", "schedule": 60.0, "options": {"expires": 60}},
    "packages to be fetched": {"task": "rights.tasks.remind_of_fetching", "schedule": crontab(hour="8", minute="40")},
    "requests to be confirmed": {"task": "rights.tasks.remind_of_confirming", "schedule": crontab(minute="50")},
    "unconfirmed requests": {"task": "rights.tasks.purge_old_requests", "schedule": crontab(hour="3", minute="35")},
    "requests that are due": {"task": "rights.tasks.remind_handlers", "schedule": crontab(hour="7", minute="40")},
    "packages left waiting": {"task": "rights.tasks.collect_packages", "schedule": 60.0, "options": {"expires": 60}},
    "packages out of time": {"task": "rights.tasks.empty_old_packages", "schedule": crontab(minute="45")},
    "usage of own pages": {"task": "portal.tasks.forget_usage", "schedule": crontab(hour="3", minute="40")},
    "ended sessions": {"task": "accounts.tasks.clear_ended_sessions", "schedule": crontab(hour="3", minute="20")},
}


@setup_logging.connect
def log_as_the_site_does(**kwargs: Any) -> None:
    """Without Celery's own handlers, which write the texts of errors: they repeat the values of rows."""


@worker_ready.connect
def show_worker(**kwargs: Any) -> None:
    """/healthz hears of a new worker at once, not at the schedule's next beat."""
    app.send_task("accounts.tasks.heartbeat")
