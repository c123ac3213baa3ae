"""HTTP: the homes, the national view and the drill-downs. All read."""
