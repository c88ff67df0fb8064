"""Why a whole file cannot be imported. `str(error)` is what the person who chose the file reads."""


class ImportRefused(Exception):
    """The file as a whole cannot be imported; nothing else leaves `roadmap.importing` as an exception.

    The message says in plain words what is wrong and what to do. A single bad row never raises: it is a `RowError`.
    """


class FileUnreadable(ImportRefused):
    """There is no such file, or it may not be read."""


class FileTooLarge(ImportRefused):
    """More bytes, packed or unpacked, than an import may have."""


class TooManyRows(ImportRefused):
    """More rows than one import takes."""


class TooManyColumns(ImportRefused):
    """More columns than one import takes."""


class UnknownFormat(ImportRefused):
    """Not text, not a workbook, not JSON that we know."""


class BrokenFile(ImportRefused):
    """The format is known, but the file is damaged: a quote never closed, JSON cut off, a workbook that won't open."""


class NothingToImport(ImportRefused):
    """No header or no row below it."""


class MappingUnusable(ImportRefused):
    """A stored mapping that cannot be read, or that does not fit this file."""
