"""The embedded server and what runs it: connections, the clock beside the pages, the demo."""
