"""A whole path as one file: out of a house, into another, or into the same one as a copy."""
