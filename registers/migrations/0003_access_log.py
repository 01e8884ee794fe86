"""The log of looks tells of every page that was opened about a person, in a partition for each month."""

from django.db import migrations, models

from registers import access_months


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0002_guarantees'),
    ]

    operations = [
        migrations.RunSQL(access_months.FUNCTIONS, access_months.DROP_FUNCTIONS),
        migrations.RunSQL(access_months.PARTITION, access_months.GATHER),
        migrations.AlterModelOptions(
            name='accessentry',
            options={'default_permissions': (), 'ordering': ['-at'], 'verbose_name': "look at a person's data", 'verbose_name_plural': "looks at people's data"},
        ),
        migrations.AddField(
            model_name='accessentry',
            name='hidden',
            field=models.BooleanField(default=False, verbose_name='only the name was shown'),
        ),
        migrations.AddField(
            model_name='accessentry',
            name='page',
            field=models.CharField(blank=True, max_length=50, verbose_name='page'),
        ),
        migrations.AlterField(
            model_name='accessentry',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened a page'), ('unmasked', 'identity code shown'), ('searched', 'searched by identity code'), ('identified', 'identified the person')], max_length=20, verbose_name='what'),
        ),
        migrations.AddIndex(
            model_name='accessentry',
            index=models.Index(fields=['user_key', '-at'], name='access_by_user'),
        ),
        migrations.AddIndex(
            model_name='accessentry',
            index=models.Index(condition=models.Q(('kind', 'opened'), _negated=True), fields=['kind', '-at'], name='access_seldom'),
        ),
        migrations.AddConstraint(
            model_name='accessentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'opened'), _negated=True), models.Q(models.Q(('page', ''), _negated=True), ('person_key__isnull', False)), _connector='OR'), name='what_was_opened_has_page_and_person'),
        ),
        migrations.RunSQL(access_months.MAKE_MONTHS, migrations.RunSQL.noop),
    ]
