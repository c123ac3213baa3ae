"""The screens of the external stores."""
