"""Who may see a community's pages: its people's accounts, and its walls."""
