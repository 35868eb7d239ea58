"""`scaffold new`."""


def new() -> int:
    """To come."""
    return 0
