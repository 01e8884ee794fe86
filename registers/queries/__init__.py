"""What can be asked of the registers; each query answers for the user who asks."""
