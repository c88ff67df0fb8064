"""A roadmap as a file: each format is made of the cards of a `SharedRoadmap`, so none can hold what the page does not show."""

from roadmap.exporting.formats import FORMATS, Format, file_of

__all__ = ["FORMATS", "Format", "file_of"]
