"""PostgreSQL, Valkey, web, worker and beat as one supervised tree, for `up`, tests and benches."""
