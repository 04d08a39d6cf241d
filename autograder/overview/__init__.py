"""A class at a glance: one page on what a class got right, what it got wrong, and how."""
