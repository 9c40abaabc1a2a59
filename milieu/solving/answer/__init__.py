"""What the solver answered: believed after a second reading only, then told as sessions, reasons and sentences."""
