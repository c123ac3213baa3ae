"""Forwarding our statements to other systems' stores: a cursor along the stored order, and dead letters."""
