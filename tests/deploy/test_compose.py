"""docker-compose.yml: valid, closed, healthy, and unwilling to start without its secrets."""

import os
import re
import shutil
import subprocess

import jsonschema
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema

from devservices.environment import ROOT

SECRETS = ["SECRET_KEY", "POSTGRES_PASSWORD"]
OURS = ["web", "worker", "beat"]
# Docker's interpolation: $$, $NAME, ${NAME}, ${NAME:-default}, ${NAME:?message} and those without the colon.
VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|(?P<bare>\w+)|\{(?P<name>\w+)(?:(?P<operator>:?[-?+])(?P<word>[^}]*))?\})")


class MissingVariable(Exception):
    pass


def interpolate(text, environ):
    def value_of(match):
        if match["escaped"]:
            return "$"
        value = environ.get(match["bare"] or match["name"], "")
        operator = (match["operator"] or "").removeprefix(":")
        if operator == "?" and not value:
            raise MissingVariable(match["word"])
        return value or (match["word"] if operator == "-" else "")

    return VARIABLE.sub(value_of, text)


def strings_in(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from strings_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings_in(value)
    elif isinstance(node, str):
        yield node


def complete():
    return dict.fromkeys(SECRETS, "filled")


def test_it_follows_the_grammar_of_compose(compose):
    schema = get_builtin_schema("vendor.compose-spec")
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(compose))
    assert [error.message for error in errors] == []


def test_docker_itself_reads_it_where_its_plugin_is_installed(compose):
    """Docker's own word where it can be had; without it the parse by hand must name the same services."""
    assert set(compose["services"]) == {"postgres", "valkey", *OURS}
    has_plugin = shutil.which("docker") and subprocess.run(["docker", "compose", "version"], capture_output=True)
    if has_plugin and has_plugin.returncode == 0:
        done = subprocess.run(
            ["docker", "compose", "config", "--services"],
            cwd=ROOT,
            env={**os.environ, **complete()},
            capture_output=True,
            text=True,
            check=True,
        )
        assert set(done.stdout.split()) == set(compose["services"])


def test_every_dollar_is_a_variable_that_docker_understands(compose):
    for text in strings_in(compose):
        assert "$" not in VARIABLE.sub("", text), text
        assert "${" not in interpolate(text, complete())


@pytest.mark.parametrize("secret", SECRETS)
def test_a_missing_secret_stops_the_start_with_a_sentence_that_names_it(compose, secret):
    others = {name: "filled" for name in SECRETS if name != secret}
    with pytest.raises(MissingVariable, match=rf"^{secret} is not set\. Put .* into \.env as {secret}="):
        interpolate(" ".join(strings_in(compose["services"])), others)


def test_no_secret_is_written_into_it(compose):
    for text in strings_in(compose):
        for name in SECRETS:
            assert f"{name}=" not in text or "=…" in text


@pytest.mark.parametrize("service", ["postgres", "valkey", *OURS])
def test_every_service_is_watched_and_comes_back(compose, service):
    definition = compose["services"][service]
    assert definition["restart"] == "unless-stopped"
    assert definition["healthcheck"]["test"][0] == "CMD"
    for period in ("interval", "timeout", "start_period"):
        assert re.fullmatch(r"\d+[smh]", definition["healthcheck"][period])


@pytest.mark.parametrize("service", ["postgres", "valkey", *OURS])
def test_data_lies_in_named_volumes(compose, service):
    mounts = compose["services"][service]["volumes"]
    assert mounts
    for mount in mounts:
        assert mount.split(":")[0] in compose["volumes"]


@pytest.mark.parametrize("service", OURS)
def test_our_services_wait_until_what_they_need_is_healthy(compose, service):
    needs = compose["services"][service]["depends_on"]
    assert {"postgres", "valkey"} <= set(needs)
    assert {need["condition"] for need in needs.values()} == {"service_healthy"}


@pytest.mark.parametrize("service", OURS)
def test_our_services_run_without_rights(compose, service):
    definition = compose["services"][service]
    assert definition["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in definition["security_opt"]
    assert "user" not in definition  # the image's own


def test_only_the_page_is_published_and_only_on_this_machine(compose):
    published = {name: definition["ports"] for name, definition in compose["services"].items() if "ports" in definition}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_our_services_set_every_secret_that_the_entrypoint_wants(compose):
    for service in OURS:
        assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} <= set(compose["services"][service]["environment"])
