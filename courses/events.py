"""News that goes up: frozen dataclasses in signals, connected by the floors above."""
