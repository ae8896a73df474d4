"""The sheets of the workbook, one module each: what they say, where it stands, how it looks."""
