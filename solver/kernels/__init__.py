"""What makes machine code of kernels, and where it is kept."""
