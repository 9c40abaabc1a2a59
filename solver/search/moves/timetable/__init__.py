"""Where the published sessions of a repair could all stand."""
