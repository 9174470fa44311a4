"""What the authors of the course run; no notebook imports it. command.py is the way in."""
