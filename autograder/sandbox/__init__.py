"""Where student code runs: a worker process that the grader talks to and kills."""
