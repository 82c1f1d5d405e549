"""The models of the public check, which `shipworthy model serve` lets you try: they know the sample's synonyms."""

import json
from collections.abc import Sequence

from shipworthy.kit import Variant
from shipworthy.kit.models import ChatModel, EmbeddingModel, Extractive

READER, EMBEDDER = "reader-1", "embed-1"


def models(variant: Variant) -> Sequence[ChatModel | EmbeddingModel]:
    """Return the reader and the embeddings of the sample."""
    known = json.loads(variant.public["public/world.json"])
    return served(known["alike"], known["seed"])


def served(alike: Sequence[Sequence[str]], seed: int) -> tuple[ChatModel, EmbeddingModel]:
    """Return a reader and embeddings that take these words for the same."""
    return ChatModel(READER, Extractive(seed=seed, alike=alike)), EmbeddingModel(EMBEDDER, alike=alike)
