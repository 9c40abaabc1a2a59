"""The words of reasons and breaches, and who may be told which."""
