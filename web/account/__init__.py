"""Signing in and out: Flask-Security's accounts behind our own pages."""
