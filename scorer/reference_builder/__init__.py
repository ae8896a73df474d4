"""Builds the reference data of hrdd from raw facts. Not part of the installed package."""
