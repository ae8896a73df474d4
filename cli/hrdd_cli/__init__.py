"""The headless door: click commands over the scorer and the workbook package."""
