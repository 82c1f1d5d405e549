"""What the description promises is tried with whatever fits it, and with what does not."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import BaseSchema, Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from shipworthy.access.api_tokens import make_api_token
from shipworthy.access.entities import Scope
from shipworthy.bootstrap import House
from shipworthy.web.api import callers
from shipworthy.web.app import make_app
from tests.support.houses import make_organisation

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture
def described(house: House, monkeypatch: pytest.MonkeyPatch) -> BaseSchema:
    monkeypatch.setattr(callers, "REQUESTS_A_MINUTE", 100_000)
    organisation, owner = make_organisation(house)
    with house.database.unit_of_work(organisation.id) as work:
        _, secret = make_api_token(work, owner, name="Specification", scopes=list(Scope))
    headers = {"Authorization": f"Bearer {secret}", "Host": "127.0.0.1:8000"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", make_app(house), headers=headers)
    schema.config.update(base_url=house.settings.web_url)
    schema.config.update(headers=headers)
    return schema


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def test_every_route_keeps_what_the_description_promises(case: Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS)
