"""Lists that come by a page: they wait, are shown as a difference, brought in as a whole, and can be taken back."""
