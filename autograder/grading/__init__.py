"""From submissions to results: one, or many, and where they are kept."""
