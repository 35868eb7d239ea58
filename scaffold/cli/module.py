"""`scaffold module`."""


def module() -> int:
    """To come."""
    return 0
