"""What is kept of a person: where, how long, told as a whole, erased with a receipt."""
