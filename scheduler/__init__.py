"""Scheduled work: recurrence, slots, reminders, delivery and the ticker that wakes them."""
