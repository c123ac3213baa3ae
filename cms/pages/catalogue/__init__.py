"""The catalogue: what is offered, found by words and by filters."""
