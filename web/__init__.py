"""The pages: Flask, templates and small scripts over Milieu's services and queries."""
