"""What people take home: these know no lesson."""
