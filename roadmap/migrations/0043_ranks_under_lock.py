"""A move in one statement asks in its condition whether the neighbours are those that were read, once it has the product's lock: a function
that is volatile sees with each of its statements what others committed until then."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION cradle_ranks_beside(product bigint, moved bigint, anchor bigint, upwards boolean) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    here varchar COLLATE "C";
BEGIN
    PERFORM 1 FROM products_itemcounter WHERE product_id = product FOR UPDATE;
    SELECT rank INTO here FROM roadmap_item WHERE id = anchor AND product_id = product AND id <> moved AND deleted_at IS NULL;
    IF upwards THEN
        RETURN ARRAY(SELECT rank FROM roadmap_item WHERE product_id = product AND id <> moved AND rank >= here ORDER BY rank LIMIT 2);
    END IF;
    RETURN ARRAY(SELECT rank FROM roadmap_item WHERE product_id = product AND id <> moved AND rank <= here ORDER BY rank DESC LIMIT 2);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0042_filters_of_boards_by_index")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION cradle_ranks_beside(bigint, bigint, bigint, boolean)")]
