"""Insights stand in the product of their item: they go along when it is moved, and come back with it."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION cradle_insights_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.product_id <> NEW.product_id THEN
        UPDATE feedback_insight SET product_id = NEW.product_id
        WHERE item_id = NEW.id AND product_id IS DISTINCT FROM NEW.product_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER insights_follow AFTER UPDATE OF product_id ON roadmap_item
FOR EACH ROW EXECUTE FUNCTION cradle_insights_follow();
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_changelog"), ("roadmap", "0046_moved_items")]
    operations = [
        migrations.RunSQL(
            FOLLOW, "DROP TRIGGER insights_follow ON roadmap_item; DROP FUNCTION cradle_insights_follow();"
        )
    ]
