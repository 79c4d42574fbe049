"""Roads beside what a Python user would pick; see __main__."""
