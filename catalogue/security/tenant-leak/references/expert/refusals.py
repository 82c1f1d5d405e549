"""Why something is not done: what the client is told, and what the log is told."""


class Refused(Exception):
    """`status` is for both; `decision` and `documents` are for the log alone. The client gets a text of the status."""

    TEXTS = {
        400: "The request is malformed.",
        401: "The token is not known.",
        403: "This is for editors.",
        404: "Not found.",
        405: "Not found.",
        409: "The same text is there already.",
        422: "The request is malformed.",
        500: "Something failed on our side.",
        502: "The model did not answer.",
    }

    def __init__(self, status, decision, documents=()):
        super().__init__(status)
        self.status = status
        self.decision = decision
        self.documents = list(documents)

    @property
    def text(self):
        """The same words for every reason of one status."""
        return self.TEXTS.get(self.status, "The request was refused.")
