"""The Excel door: xlwings entry points (a later issue builds it)."""
