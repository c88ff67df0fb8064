"""The two functions behind every versioned table's triggers (accounts/history.py)."""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION cradle_current_change(noun text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    change text := current_setting('cradle.change', true);
BEGIN
    IF change IS NULL OR change = '' THEN
        RAISE EXCEPTION 'Row of % written outside a Change. Open one: with Change.open(verb, by=..., workspace=...).', noun
            USING ERRCODE = 'CR001';
    END IF;
    RETURN change::bigint;
END $$;

CREATE OR REPLACE FUNCTION cradle_record(noun_ text, operation_ text, before jsonb, after jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    change bigint := cradle_current_change(noun_);
    at_ timestamptz := current_setting('cradle.at')::timestamptz;
    state_ jsonb := coalesce(after, before) - 'search';
    row_ bigint := (state_ ->> 'id')::bigint;
    changed text[] := '{}';
    previous record;
BEGIN
    IF operation_ = 'UPDATE' THEN
        SELECT coalesce(array_agg(new.key ORDER BY new.key), '{}') INTO changed
        FROM jsonb_each(state_) new
        WHERE new.value IS DISTINCT FROM before -> new.key AND new.key <> 'change_id';
        IF changed = '{}' THEN
            RETURN;
        END IF;
    END IF;

    SELECT id, change_id, operation, columns, lower(valid) AS since INTO previous
    FROM changes_version WHERE noun = noun_ AND row_id = row_ AND upper_inf(valid);

    -- A second write of the same row within one Change amends its version.
    IF previous.change_id = change THEN
        IF operation_ = 'DELETE' AND previous.operation = 'I' THEN
            DELETE FROM changes_version WHERE id = previous.id;
        ELSE
            UPDATE changes_version SET
                state = state_,
                columns = CASE WHEN operation = 'I' THEN columns ELSE
                    (SELECT array_agg(DISTINCT name ORDER BY name) FROM unnest(columns || changed) name) END,
                operation = CASE WHEN operation_ = 'DELETE' THEN 'D' ELSE operation END,
                valid = CASE WHEN operation_ = 'DELETE' THEN 'empty' ELSE valid END
            WHERE id = previous.id;
        END IF;
        RETURN;
    END IF;

    -- Verbs that overlap may commit in another order than they began: versions of one row still follow each other.
    IF previous.id IS NOT NULL THEN
        at_ := greatest(at_, previous.since + interval '1 microsecond');
        UPDATE changes_version SET valid = tstzrange(previous.since, at_) WHERE id = previous.id;
    END IF;

    INSERT INTO changes_version (workspace_id, product_id, noun, row_id, change_id, operation, valid, columns, state)
    VALUES (
        CASE WHEN noun_ = 'accounts_workspace' THEN row_ ELSE (state_ ->> 'workspace_id')::bigint END,
        CASE WHEN noun_ = 'products_product' THEN row_ ELSE (state_ ->> 'product_id')::bigint END,
        noun_, row_, change, left(operation_, 1),
        CASE WHEN operation_ = 'DELETE' THEN 'empty' ELSE tstzrange(at_, NULL) END,
        changed, state_
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION cradle_record(text, text, jsonb, jsonb); DROP FUNCTION cradle_current_change(text);",
        )
    ]
