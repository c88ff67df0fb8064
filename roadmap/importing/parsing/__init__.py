"""Rows to items.

`rows` goes through a file and makes an item of each row; `cells` reads one row's cells by field and keeps what no field
takes; `identity`, `choices`, `texts`, `amounts` and `days` read fields, each family in its own manner. A row that cannot
be read raises `Fault`, which never leaves this package.
"""

from roadmap.importing.parsing.rows import parse_row, parse_rows

__all__ = ["parse_row", "parse_rows"]
