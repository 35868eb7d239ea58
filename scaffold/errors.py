"""The one root of all errors that are shown to a person without a traceback."""


class ScaffoldError(Exception):
    """Something the user can mend; its text says what and how."""
