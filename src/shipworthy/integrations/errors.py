"""What can go wrong between the product and programs outside."""

from shipworthy.core.errors import BadInputError


class IntegrationError(BadInputError):
    """This cannot be done for a program outside."""

    code = "integration"


class ReusedKeyError(IntegrationError):
    """This Idempotency-Key came with another request before."""

    code = "idempotency_key_reused"


class BadWebhookError(IntegrationError):
    """This webhook cannot be kept."""

    code = "webhook"


class UnknownWebhookError(IntegrationError):
    """There is no such webhook."""

    code = "webhook_unknown"


class UnknownDeliveryError(IntegrationError):
    """There is no such delivery."""

    code = "delivery_unknown"
