"""Parts and small homes solved exactly, by CP-SAT and HiGHS."""
