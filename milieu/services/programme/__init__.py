"""The programme as people know it, and how a week shares it out."""
