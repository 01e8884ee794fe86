"""Make the sample spreadsheets of docs/samples anew; the same bytes every time."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registers.demo.samples import all_samples


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs" / "samples")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in all_samples().items():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{folder / name} ({len(content):,} bytes)")
