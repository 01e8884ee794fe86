"""Figures that stay when residencies end: append-only, of groups of at least five."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

from retention import guarantees


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0004_hindered_people'),
        ('retention', '0004_records_ways_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='sweep',
            name='periods_closed',
            field=models.PositiveIntegerField(null=True, verbose_name='periods of statistics closed before it'),
        ),
        migrations.CreateModel(
            name='BuildingQuarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('moved_in', models.PositiveIntegerField(null=True, verbose_name='people who moved in')),
                ('moved_out', models.PositiveIntegerField(null=True, verbose_name='people who moved out')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='closed at')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='quarter')),
                ('homes', models.PositiveIntegerField(verbose_name='homes')),
                ('homes_lived_in', models.PositiveIntegerField(null=True, verbose_name='homes that are lived in')),
                ('residents', models.PositiveIntegerField(null=True, verbose_name='residents')),
                ('building', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registers.building', verbose_name='building')),
                ('housing_company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registers.housingcompany', verbose_name='housing company')),
            ],
            options={
                'verbose_name': 'figures of a quarter',
                'verbose_name_plural': 'figures of quarters',
                'ordering': ['housing_company', 'building', '-year', '-quarter'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('housing_company', 'building', 'year', 'quarter'), name='a_quarter_is_closed_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='quarter_of_a_year'), models.CheckConstraint(condition=models.Q(('homes__gte', 5), models.Q(('homes_lived_in__isnull', True), ('homes_lived_in__lte', models.F('homes')), _connector='OR'), models.Q(('homes_lived_in__isnull', True), models.Q(('homes_lived_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('homes_lived_in'), '/', models.Value(5)), '*', models.Value(5))), ('homes_lived_in__gte', 5)), _connector='OR'), models.Q(('residents__isnull', True), models.Q(('residents', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('residents'), '/', models.Value(5)), '*', models.Value(5))), ('residents__gte', 5)), _connector='OR'), models.Q(('moved_in__isnull', True), models.Q(('moved_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('moved_in'), '/', models.Value(5)), '*', models.Value(5))), ('moved_in__gte', 5)), _connector='OR'), models.Q(('moved_out__isnull', True), models.Q(('moved_out', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('moved_out'), '/', models.Value(5)), '*', models.Value(5))), ('moved_out__gte', 5)), _connector='OR')), name='quarter_tells_of_groups_alone')],
            },
        ),
        migrations.CreateModel(
            name='BuildingYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('moved_in', models.PositiveIntegerField(null=True, verbose_name='people who moved in')),
                ('moved_out', models.PositiveIntegerField(null=True, verbose_name='people who moved out')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='closed at')),
                ('under_1', models.PositiveIntegerField(null=True, verbose_name='lived there under a year')),
                ('from_1', models.PositiveIntegerField(null=True, verbose_name='lived there 1–3 years')),
                ('from_3', models.PositiveIntegerField(null=True, verbose_name='lived there 3–5 years')),
                ('from_5', models.PositiveIntegerField(null=True, verbose_name='lived there 5–10 years')),
                ('from_10', models.PositiveIntegerField(null=True, verbose_name='lived there 10 years or longer')),
                ('building', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registers.building', verbose_name='building')),
                ('housing_company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registers.housingcompany', verbose_name='housing company')),
            ],
            options={
                'verbose_name': 'figures of a year',
                'verbose_name_plural': 'figures of years',
                'ordering': ['housing_company', 'building', '-year'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('housing_company', 'building', 'year'), name='a_year_is_closed_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('moved_in__isnull', True), models.Q(('moved_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('moved_in'), '/', models.Value(5)), '*', models.Value(5))), ('moved_in__gte', 5)), _connector='OR'), models.Q(('moved_out__isnull', True), models.Q(('moved_out', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('moved_out'), '/', models.Value(5)), '*', models.Value(5))), ('moved_out__gte', 5)), _connector='OR'), models.Q(('under_1__isnull', True), models.Q(('under_1', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('under_1'), '/', models.Value(5)), '*', models.Value(5))), ('under_1__gte', 5)), _connector='OR'), models.Q(('from_1__isnull', True), models.Q(('from_1', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_1'), '/', models.Value(5)), '*', models.Value(5))), ('from_1__gte', 5)), _connector='OR'), models.Q(('from_3__isnull', True), models.Q(('from_3', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_3'), '/', models.Value(5)), '*', models.Value(5))), ('from_3__gte', 5)), _connector='OR'), models.Q(('from_5__isnull', True), models.Q(('from_5', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_5'), '/', models.Value(5)), '*', models.Value(5))), ('from_5__gte', 5)), _connector='OR'), models.Q(('from_10__isnull', True), models.Q(('from_10', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_10'), '/', models.Value(5)), '*', models.Value(5))), ('from_10__gte', 5)), _connector='OR')), name='year_tells_of_groups_alone')],
            },
        ),
        migrations.RunSQL(guarantees.STATISTICS_STAY, guarantees.DROP_STATISTICS_STAY),
    ]
