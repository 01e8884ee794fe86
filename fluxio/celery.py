"""The task queue and the whole schedule. Tasks live in their room's tasks.py."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxio.settings")

app = Celery("fluxio")
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
    "ended sessions": {"task": "accounts.tasks.clear_ended_sessions", "schedule": crontab(hour="3", minute="20")},
}


@setup_logging.connect
def log_as_the_site_does(**kwargs: Any) -> None:
    """Without Celery's own handlers, which write the texts of errors: they repeat the values of rows."""


@worker_ready.connect
def show_worker(**kwargs: Any) -> None:
    """/healthz hears of a new worker at once, not at the schedule's next beat."""
    app.send_task("accounts.tasks.heartbeat")
