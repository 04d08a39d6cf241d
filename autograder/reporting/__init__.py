"""Results for people: terminal, HTML, CSV. Nothing here runs code."""
