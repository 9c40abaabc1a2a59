"""Who may come in: accounts, sign-ins, passes, tries, and the addresses of walls."""
