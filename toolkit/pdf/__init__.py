"""PDF documents: forms compiled once and filled many times, and the finished file read back."""
