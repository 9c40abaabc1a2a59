"""Moves of the programme: which sessions there are, when, where and led by whom. Each is one compound: what stands in
the way is closed, the session opened and filled, what was closed is opened elsewhere, and whoever is displaced finds
another place; the whole is accepted or taken back."""
