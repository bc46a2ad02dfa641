"""What is said and shown about consultations: pure functions of values, in the current language."""
