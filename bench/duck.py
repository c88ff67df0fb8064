"""The same figures by DuckDB, in SQL: what the rollups are measured against (all cores, tables in memory)."""

from __future__ import annotations

import duckdb
import numpy as np

from bench.usage_log import DAY, Log

ACTIVITY = """
    CREATE OR REPLACE TABLE activity AS
    SELECT DISTINCT scope, kind, id, day FROM (
        SELECT unnest([-1, feature]) AS scope, 0 AS kind, user_id AS id, day FROM raw
        UNION ALL SELECT unnest([-1, feature]), 1, account_id, day FROM raw
    )
"""
#: One id counts from its active day until its next one takes over, or the window has passed.
METRICS = """
    CREATE OR REPLACE TABLE metrics AS
    WITH steps AS (
        SELECT scope, kind, day, lead(day, 1, 1000000) OVER (PARTITION BY scope, kind, id ORDER BY day) AS next FROM activity
    ), changes AS (
        SELECT scope, kind, width, day AS moment, 1 AS n FROM steps, (VALUES (1), (7), (28)) w (width)
        UNION ALL
        SELECT scope, kind, width, least(day + width, next), -1 FROM steps, (VALUES (1), (7), (28)) w (width)
    ), daily AS (SELECT scope, kind, width, moment, sum(n) AS n FROM changes GROUP BY ALL)
    SELECT scope, kind, width, moment, sum(n) OVER (PARTITION BY scope, kind, width ORDER BY moment) AS active FROM daily
"""
WEEKS = """
    CREATE OR REPLACE TABLE weeks AS
    SELECT scope, kind, id, week, min(week) OVER who AS cohort, max(week) OVER who AS last,
        lag(week) OVER (PARTITION BY scope, kind, id ORDER BY week) AS before
    FROM (SELECT DISTINCT scope, kind, id, day // 7 AS week FROM activity)
    WINDOW who AS (PARTITION BY scope, kind, id)
"""
LIFE = """
    CREATE OR REPLACE TABLE life AS
    SELECT scope, kind, week, count(*) AS active, count(*) FILTER (before IS NULL) AS new,
        count(*) FILTER (before = week - 1) AS retained, count(*) FILTER (before < week - 1) AS resurrected
    FROM weeks GROUP BY ALL
"""
TRIANGLE = """
    CREATE OR REPLACE TABLE triangle AS
    WITH bounded AS (SELECT scope, kind, cohort, week - cohort AS k, count(*) AS n FROM weeks GROUP BY ALL),
    ends AS (SELECT scope, kind, cohort, last - cohort AS k, count(*) AS n FROM weeks WHERE week = cohort GROUP BY ALL)
    SELECT scope, kind, cohort, k, bounded.n AS bounded,
        sum(ends.n) OVER (PARTITION BY scope, kind, cohort ORDER BY k DESC) AS unbounded
    FROM bounded FULL JOIN ends USING (scope, kind, cohort, k)
"""
ADOPTION = """
    CREATE OR REPLACE TABLE adoption AS
    SELECT scope, kind, count(DISTINCT id) AS tried, count(DISTINCT id) FILTER (weeks > 1) AS adopted FROM (
        SELECT scope, kind, id, count(DISTINCT day // 7) AS weeks FROM activity
        WHERE day > (SELECT max(day) - 28 FROM activity) GROUP BY ALL
    ) GROUP BY ALL
"""
TRIANGLE_FROM_RAW = """
    WITH weeks AS (
        SELECT user_id, week, min(week) OVER (PARTITION BY user_id) AS cohort FROM (
            SELECT DISTINCT user_id, day // 7 AS week FROM raw WHERE feature = ?
        )
    )
    SELECT cohort, week - cohort AS k, count(*) FROM weeks GROUP BY ALL
"""


class Duck:
    def __init__(self, log: Log) -> None:
        self.database = duckdb.connect()
        monday = log.first_day.toordinal() - log.first_day.weekday()
        day = (log.seconds // DAY + log.first_day.toordinal() - monday).astype(np.int32)
        columns = {
            "day": day,
            "user_id": log.user.astype(np.int32),
            "account_id": log.account.astype(np.int32),
            "feature": log.feature.astype(np.int32),
        }
        self.database.register("arrays", columns)
        self.database.execute("CREATE TABLE raw AS SELECT * FROM arrays")

    def intermediate(self) -> None:
        self.database.execute(ACTIVITY)

    def derive(self) -> None:
        for statement in (METRICS, WEEKS, LIFE, TRIANGLE, ADOPTION):
            self.database.execute(statement)

    def triangle(self, feature: int) -> list[tuple[int, ...]]:
        return self.database.execute(TRIANGLE_FROM_RAW, [feature]).fetchall()
