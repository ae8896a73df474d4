"""What a workbook is: layout, template, reading and in-place writing of files."""
