"""UserError: the base class of every refusal, whose message a person can act on."""


class UserError(Exception):
    """Something was refused or is not available. Its message says what, and what to do.

    Attributes:
        message: The text, as it is shown.
    """

    @property
    def message(self) -> str:
        return str(self)
