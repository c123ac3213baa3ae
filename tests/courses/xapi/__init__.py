"""What the specification of xAPI asks, each requirement by its number, and what nobody should ever send."""
