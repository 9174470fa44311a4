"""What `author benchmark` measures, one file for each kind of figure. Seconds and megabytes (10**6 bytes)."""
