"""Days and weeks as people count them: local weeks from a Monday, and stretches of minutes within their days."""
