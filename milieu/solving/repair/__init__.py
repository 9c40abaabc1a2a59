"""A published week repaired: no changes without need, and simple rules where no better repair can be had."""
