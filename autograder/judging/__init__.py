"""Judging numbers: where cases come from, what is right, how a failure is made small. No files, no terminals."""
