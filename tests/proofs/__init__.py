"""Proofs on a real instance of the record store: its own database, its own processes, its own clients."""
