"""The documents that `--output json` prints, one for each `kind`; their JSON Schemas are in docs/schemas/."""
