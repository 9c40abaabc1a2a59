"""The demo: a made-up community with last week behind it, this week published and next week as a draft."""
