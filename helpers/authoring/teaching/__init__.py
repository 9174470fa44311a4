"""What a teacher takes along: clock, slides, handouts, an assignment, a room's answers."""
