"""What a page hands in: CSV files and workbooks with columns of their own, made into the tables of an import."""
