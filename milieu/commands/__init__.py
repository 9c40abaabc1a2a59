"""The commands' bodies, imported when one is called, so that `milieu --help` is quick."""
