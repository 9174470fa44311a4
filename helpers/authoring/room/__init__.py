"""What a room answered: its progress files read (`handed_in`), counted (`counting`), drawn (`pictures`)."""
