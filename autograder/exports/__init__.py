"""Results, and the grader itself, in the formats of the systems that instructors have. Each module is one format."""
