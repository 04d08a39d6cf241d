"""Writing the course: a new unit in every tree, and the proof that all units are as they should be."""
