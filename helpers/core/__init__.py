"""What everything else stands on; it knows no lesson and no tool."""
