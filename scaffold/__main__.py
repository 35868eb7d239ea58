"""`python -m scaffold` is the command `scaffold`."""

from scaffold.cli import main

main()
