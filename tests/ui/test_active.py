"""The active language, zone and routes are each thread's and each task's own."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.local import Local
from asgiref.sync import async_to_sync, sync_to_async
from django.test.utils import override_script_prefix
from django.urls import base
from django.urls.base import get_script_prefix, get_urlconf, set_urlconf
from django.utils import timezone, translation
from django.utils.translation import trans_real

from ui.active import KEPT, Active, keep_in_context


@pytest.fixture(autouse=True)
def kept():
    """Tests that change settings of languages put Django's own back."""
    before = [getattr(module, name) for module, name in KEPT]
    keep_in_context()
    yield
    for (module, name), one in zip(KEPT, before, strict=True):
        setattr(module, name, one)


def test_all_of_them_are_kept_so():
    assert all(isinstance(getattr(module, name), Active) for module, name in KEPT)
    held = trans_real._active
    keep_in_context()
    assert trans_real._active is held


def test_what_was_active_before_stays_so():
    base._prefixes = Local()
    base._prefixes.value = "/below/"
    keep_in_context()
    assert get_script_prefix() == "/below/"


def test_what_is_overridden_comes_back():
    translation.activate("en")
    with translation.override("de"):
        assert translation.get_language() == "de"
        with translation.override(None):
            assert translation.get_language() is None
        assert translation.get_language() == "de"
    assert translation.get_language() == "en"
    with timezone.override(dt.UTC):
        assert timezone.get_current_timezone() is dt.UTC
    assert timezone.get_current_timezone_name() == timezone.get_default_timezone_name()
    with override_script_prefix("/below/"):
        assert get_script_prefix() == "/below/"
    assert get_script_prefix() == "/"


def test_what_is_deleted_is_not_there():
    set_urlconf("tests.urlconf")
    assert get_urlconf() == "tests.urlconf"
    set_urlconf(None)
    assert get_urlconf() is None
    assert not hasattr(base._urlconfs, "value")
    translation.activate("de")
    translation.deactivate()
    assert translation.get_language() == "en"


def test_another_thread_has_its_own():
    with translation.override("de"), timezone.override(dt.UTC), ThreadPoolExecutor(1) as threads:
        language = threads.submit(translation.get_language).result()
        threads.submit(translation.activate, "fr").result()
        zone = threads.submit(timezone.get_current_timezone_name).result()
        assert (language, zone) == ("en", timezone.get_default_timezone_name())
        assert translation.get_language() == "de"


def test_tasks_have_their_own_and_hand_it_to_the_threads_that_work_for_them():
    async def speak(language: str) -> list[str | None]:
        translation.activate(language)
        await asyncio.sleep(0)
        here = translation.get_language()
        there = await sync_to_async(translation.get_language)()
        await sync_to_async(translation.activate)("pt")
        return [here, there, translation.get_language()]

    async def both() -> list[list[str | None]]:
        return list(await asyncio.gather(speak("de"), speak("fr")))

    with ThreadPoolExecutor(1) as threads:  # in this one a browser test may have left a loop
        found = threads.submit(async_to_sync(both)).result()
    assert found == [["de", "de", "pt"], ["fr", "fr", "pt"]]
