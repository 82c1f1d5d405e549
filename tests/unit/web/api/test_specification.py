"""What the description promises is tried with whatever fits it, and with what does not."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.core.result import Ok
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


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_route_keeps_what_the_description_promises(described: BaseSchema, mode: GenerationMode) -> None:
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 10
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue

        @settings(
            max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(operation.as_strategy(generation_mode=mode))
        def tried(case: Case[Any]) -> None:
            answer = case.call()
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code != 413:  # what is larger than any body is refused before anybody looks at it
                case.validate_response(answer, checks=[negative_data_rejection])

        tried()
