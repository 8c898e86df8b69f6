"""The questions that people ask, each one file."""
