"""The model that the public check lends, and that `shipworthy model serve` serves: it knows the sample's orders."""

import json
from collections.abc import Sequence

import desk

from shipworthy.kit import Variant
from shipworthy.kit.models import ChatModel


def models(variant: Variant) -> Sequence[ChatModel]:
    """Return the worst-case reader of the sample."""
    world = json.loads(variant.public["public/sample.json"])
    reader = desk.Reader(1, world["orders"], world["breakdown"], world["picks"])
    return (ChatModel(desk.MODEL, reader),)
