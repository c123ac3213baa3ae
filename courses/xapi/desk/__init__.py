"""The screens of the record store for those who answer for it: its keys, and the names that it does not know."""
