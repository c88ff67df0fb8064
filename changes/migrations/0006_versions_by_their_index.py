"""The open version of a row is found by its index, whatever the server knows of the table.

`TG_TABLE_NAME` is a `name`, whose collation is "C", and so was what is compared with it: no condition for an index over `noun`, so that for each row
versions of other tables were read too, or all of them.
"""

from importlib import import_module

from django.db import migrations

FUNCTIONS = import_module("changes.migrations.0002_history_functions").FUNCTIONS
DECLARED, COMPARED = "previous record;", "WHERE noun = noun_ AND row_id = row_"
BY_INDEX = FUNCTIONS.replace(DECLARED, f'{DECLARED}\n    table_ text COLLATE "default" := noun_;').replace(
    COMPARED, "WHERE noun = table_ AND row_id = row_"
)


class Migration(migrations.Migration):
    dependencies = [("changes", "0005_reasons")]
    operations = [migrations.RunSQL(BY_INDEX, FUNCTIONS)]
