"""Pages of the course: found, read, built, executed, cleaned."""
