"""The few page types."""
