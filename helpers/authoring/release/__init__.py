"""What a release needs: pins, wheels, what a translation lacks."""
