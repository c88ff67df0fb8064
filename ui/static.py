"""Stylesheets are written one file per component and served as one file per layer.

`css/components.css` and `css/screens.css` only list `@import`s. The finder replaces each such list by the
contents it names, for development, tests and collectstatic alike, so that all of them serve the same bytes.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED = ("css/components.css", "css/screens.css")
PARTS = ("css/components/", "css/screens/")
IMPORT = re.compile(r'^@import url\("([^"]+)"\);\n', re.MULTILINE)


class LayerFinder(FileSystemFinder):
    """Finds what STATICFILES_DIRS hold, with the layer files joined and their parts left out."""

    @property
    def joined(self) -> FileSystemStorage:
        return FileSystemStorage(location=Path(settings.DATA_FOLDER) / "stylesheets")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = super().find(path, find_all=True)
        if found and path.replace("\\", "/") in JOINED:
            found = [self._join(path, Path(found[0]))]
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        for path, storage in super().list(ignore_patterns):
            if path in JOINED:
                self._join(path, Path(storage.path(path)))
                yield path, self.joined
            elif not path.startswith(PARTS):
                yield path, storage

    def _join(self, path: str, source: Path) -> str:
        target = Path(self.joined.path(path))
        css = joined(source)
        if not target.exists() or target.read_text() != css:
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, fresh = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(css)
            os.chmod(fresh, 0o644)
            os.replace(fresh, target)  # another process may be reading the old one
        return str(target)


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for imports between our JavaScript modules too (libraries only mention imports in comments)."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )


def joined(source: Path) -> str:
    """The stylesheet with every `@import` line replaced by the file it names; their relative URLs must not matter."""
    return IMPORT.sub(lambda match: (source.parent / match.group(1)).read_text(), source.read_text())
