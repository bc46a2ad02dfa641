"""The neutral core of Musubi: what can happen, what can be shown, and who answers. It knows no vendor and no table."""
