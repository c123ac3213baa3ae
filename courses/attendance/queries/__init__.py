"""Reading the émargement."""
