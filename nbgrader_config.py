"""nbgrader's configuration: this folder is an nbgrader course. See docs/instructor.md."""

from autograder.nbgrader import configure

config = get_config()  # noqa: F821 (nbgrader provides it)
configure(config)
config.CourseDirectory.course_id = "handgrad"
