"""Repositories that exist: read and evaluated without running or asking anything, and compared."""
