"""`python -m helpers` does what the command `course` does, where the course itself is not installed."""

import sys

from helpers import launch

sys.exit(launch.main())
