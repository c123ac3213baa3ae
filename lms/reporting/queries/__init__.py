"""Reading for the screens: frozen values, few queries."""
