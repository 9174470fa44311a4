"""The course as a website: its pages as Sphinx reads them, the data of its scripts, and the build."""
