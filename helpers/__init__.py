"""What the lessons import. Each file is one idea; start with `lesson`, which every set-up cell calls."""
