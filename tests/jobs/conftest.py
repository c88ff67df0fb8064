import tests.jobs.trial  # noqa: F401  registers the kinds of jobs that these tests use
