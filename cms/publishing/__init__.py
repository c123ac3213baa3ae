"""From pages to a frozen path version, and what then may no longer be deleted."""
