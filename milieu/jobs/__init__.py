"""The clock: who the one scheduler is (lease), what is due (due), what was done about it (ledger), and who does it."""
