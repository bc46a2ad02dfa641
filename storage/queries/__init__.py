"""Queries by subject. Each function takes the unit of work first and returns rows or plain values."""
