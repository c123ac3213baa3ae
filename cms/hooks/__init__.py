"""How the editor behaves here: who enters, what is shown, what may not be deleted."""
