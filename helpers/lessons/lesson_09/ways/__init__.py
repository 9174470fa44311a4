"""Ways to save, for the trials of lesson 09."""
