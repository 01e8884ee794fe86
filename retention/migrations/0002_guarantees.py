"""Append-only, with PostgreSQL's time; the lock of a person; shipped rules for the purposes that are there already."""

from django.db import migrations

from retention import guarantees


def adopt_shipped_rules(apps, schema_editor):
    from retention.shipped import REASON, shipped_rules

    Purpose = apps.get_model("consent", "Purpose")
    PurposeVersion = apps.get_model("consent", "PurposeVersion")
    RetentionRule = apps.get_model("retention", "RetentionRule")
    for purpose in Purpose.objects.all():
        newest = PurposeVersion.objects.filter(purpose=purpose).order_by("-number").first()
        RetentionRule.objects.bulk_create(
            RetentionRule(purpose=purpose, number=1, reason=REASON, program="installation", **values)
            for values in shipped_rules(purpose.code)
            if newest is not None and values["category"] in newest.categories
        )


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        ("consent", "0002_guarantees"),
        ("registers", "0002_guarantees"),
    ]

    operations = [
        migrations.RunSQL(guarantees.APPEND_ONLY, guarantees.DROP_APPEND_ONLY),
        migrations.RunSQL(guarantees.LOCK_PERSON, guarantees.DROP_LOCK_PERSON),
        migrations.RunPython(adopt_shipped_rules, migrations.RunPython.noop),
    ]
