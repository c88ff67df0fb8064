"""From a file to the mapping that its import starts with.

`proposal` puts it together: `survey` goes through all values once, `columns` says what each column is, `meanings` what
the words in it mean here.
"""

from roadmap.importing.proposing.proposal import propose_mapping

__all__ = ["propose_mapping"]
