"""The files to deploy with fit their formats, name settings and commands that there are, and are careful."""

import importlib.resources
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from shipworthy.cli.main import app
from tests.architecture.pages import DOCS, ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
VERSION = "1.34"
OF_OTHERS = {"POSTGRES_USER", "POSTGRES_PASSWORD", "DATABASE_PASSWORD"}


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in MANIFESTS:
        yield from ((path.name, found) for found in yaml.safe_load_all(path.read_text(encoding="utf-8")))


def pods() -> Iterator[dict[str, Any]]:
    yield from (found["spec"]["template"]["spec"] for _, found in objects() if found["kind"] == "Deployment")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def compose_schema() -> dict[str, Any]:
    place = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return found


def test_the_compose_file_fits_its_format() -> None:
    schema = compose_schema()
    jsonschema.validators.validator_for(schema)(schema).validate(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def test_a_compose_file_with_a_slip_would_be_seen() -> None:
    broken = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    broken["services"]["web"]["port"] = ["8000"]
    schema = compose_schema()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(schema)(schema).validate(broken)


@pytest.mark.parametrize(("file", "found"), list(objects()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_manifest_fits_its_format(file: str, found: dict[str, Any]) -> None:
    kubernetes_validate.validate(found, VERSION, strict=True)


def test_a_manifest_with_a_slip_would_be_seen() -> None:
    broken = next(found for _, found in objects() if found["kind"] == "Deployment")
    broken["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSION, strict=True)


def named_settings() -> set[str]:
    compose = {name for service in services().values() for name in service["environment"]}
    config = {name for _, found in objects() if found["kind"] == "ConfigMap" for name in found["data"]}
    containers = (container for pod in pods() for container in pod["containers"])
    secret = {each["name"] for container in containers for each in container.get("env", ())}
    image = set(re.findall(r"\b(SHIPWORTHY_[A-Z_]+)=", (DEPLOY / "Containerfile").read_text(encoding="utf-8")))
    return compose | config | secret | image


def test_every_variable_is_a_setting_that_there_is() -> None:
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`([A-Z][A-Z_]+)`", page))
    assert named_settings() - OF_OTHERS <= known
    assert {"SHIPWORTHY_DATABASE_URL", "SHIPWORTHY_BLOBS", "SHIPWORTHY_WEB_URL"} <= named_settings()


def commands() -> list[list[str]]:
    compose = [service["command"] for name, service in services().items() if name != "postgres"]
    pods_own = [container["args"] for pod in pods() for container in pod["containers"]]
    image = re.findall(r"^CMD (\[.*\])$", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return [*compose, *pods_own, *map(json.loads, image)]


def test_every_command_is_one_that_shipworthy_accepts() -> None:
    assert len(commands()) == 5
    for command in commands():
        assert command[0] == "shipworthy"
        app.parse_args(command[1:], exit_on_error=False, print_error=False)


def test_secrets_stand_in_no_file() -> None:
    for pod in pods():
        for each in (each for container in pod["containers"] for each in container.get("env", ())):
            assert "secretKeyRef" in each["valueFrom"], each["name"]
    for service in services().values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD|TOKEN|URL$", name):
                assert value == "" or "${" in value, name
    assert not [found for _, found in objects() if found["kind"] == "Secret"]


def test_no_process_is_root_or_gains_anything() -> None:
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        for container in [*pod["containers"], *pod.get("initContainers", ())]:
            held = container["securityContext"]
            assert held["allowPrivilegeEscalation"] is False
            assert held["readOnlyRootFilesystem"] is True
            assert held["capabilities"] == {"drop": ["ALL"]}
            assert not held.get("privileged")
    for name in ("web", "worker"):
        assert services()[name]["cap_drop"] == ["ALL"]
        assert not services()[name].get("privileged")


def test_only_workers_give_up_the_runtime_s_profiles_and_they_are_apart() -> None:
    web, worker = (next(pod for pod in pods() if pod["containers"][0]["name"] == name) for name in ("web", "worker"))
    assert web["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert worker["hostUsers"] is False
    assert worker["nodeSelector"]


def test_what_the_image_takes_in_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    sources = [name for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert sources
    for name in sources:
        assert (ROOT / name).exists(), name


def test_the_web_is_asked_whether_it_is_well() -> None:
    web = next(pod for pod in pods() if pod["containers"][0]["name"] == "web")["containers"][0]
    paths = {probe: web[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"startupProbe": "/health", "livenessProbe": "/health", "readinessProbe": "/ready"}


def test_the_script_for_the_database_makes_no_superuser() -> None:
    text = Path(DEPLOY / "postgres" / "make-user.sh").read_text(encoding="utf-8")
    assert "CREATE ROLE shipworthy LOGIN CREATEROLE PASSWORD" in text
    assert "SUPERUSER" not in text.replace("superuser", "")
