"""Alembic migrations: forward only, one per change."""
