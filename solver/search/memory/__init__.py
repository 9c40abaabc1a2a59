"""What lies where in the memory that the kernels share."""
