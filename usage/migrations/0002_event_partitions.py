"""Raw events, partitioned by day; partitions are made on demand by the writer (usage/partitions.py).

No unique index and no foreign keys: COPY stays as fast as a plain heap, and repeats are dropped by the rollup.
Bitmaps are compressed already, so they are stored as they are.
"""

from django.db import migrations

EVENTS = """
CREATE TABLE usage_event (
    ts timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    batch_id bigint NOT NULL,
    line integer NOT NULL,
    product_id integer NOT NULL,
    day date NOT NULL,
    user_id integer NOT NULL,
    account_id integer NOT NULL,
    feature_id integer NOT NULL,
    props jsonb
) PARTITION BY RANGE (day);
"""

BITMAPS = """
ALTER TABLE usage_daybitmap ALTER COLUMN bm SET STORAGE EXTERNAL;
ALTER TABLE usage_weekbitmap ALTER COLUMN bm SET STORAGE EXTERNAL;
ALTER TABLE usage_weekbitmap ALTER COLUMN new_bm SET STORAGE EXTERNAL;
ALTER TABLE usage_firstuse ALTER COLUMN bm SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):
    dependencies = [("usage", "0001_initial")]
    operations = [
        migrations.RunSQL(EVENTS, "DROP TABLE usage_event"),
        migrations.RunSQL(BITMAPS, migrations.RunSQL.noop),
    ]
