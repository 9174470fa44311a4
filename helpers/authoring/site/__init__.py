"""The course as a website: its pages as Sphinx reads them, the data of its scripts, and the build."""

MARK = ".saved-for-good"  # a folder with this file is a site, and may be written anew
