"""What the machine beneath does: what its errors mean, what of them may be logged, what is remembered, who may read."""
