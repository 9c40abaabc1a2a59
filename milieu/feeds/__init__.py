"""What calendar programs read (iCalendar, RFC 5545)."""
