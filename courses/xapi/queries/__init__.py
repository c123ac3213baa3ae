"""Reading the record store."""
