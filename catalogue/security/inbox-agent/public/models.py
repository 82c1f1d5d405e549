"""The model that the public check lends, and that `shipworthy model serve` lets you try: it knows the sample."""

import json
from collections.abc import Sequence

import suite

from shipworthy.kit import Variant
from shipworthy.kit.models import ChatModel


def models(variant: Variant) -> Sequence[ChatModel]:
    """Return the worst-case model of the sample's requests and attacks."""
    cases = json.loads(variant.public["public/sample.json"])
    return (ChatModel(suite.MODEL, suite.worst_case(cases, seed=1)),)
