"""The screens of the émargement."""
