"""What is printed: sheets in large print, set by Typst from what is published."""
