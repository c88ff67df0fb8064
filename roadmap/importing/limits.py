"""How much one import takes. Each limit that is passed gives a sentence, never a slow worker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 50 * 1024 * 1024
    unpacked_bytes: int = 250 * 1024 * 1024  # of a workbook: XLSX is a ZIP
    rows: int = 50_000
    columns: int = 2_000  # Jira writes one per comment, label and watcher of the busiest issue
    cell: int = 100_000  # characters, as many as a description holds; GitHub allows 65 536, Jira 32 767
    title: int = 240
    component: int = 80
    release: int = 80
    objective: int = 160
    tag: int = 40
    source_id: int = 120


LIMITS = Limits()
