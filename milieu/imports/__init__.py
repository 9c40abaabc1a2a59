"""Files into rows: a folder of tables read whole, checked, and merged into what is there."""
