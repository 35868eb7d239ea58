"""Repositories that exist: read without running anything, evaluated as far as can be without asking anyone, compared."""
