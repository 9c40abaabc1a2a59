"""Files into rows: a format a module, and the registry of what a folder of tables may hold."""
