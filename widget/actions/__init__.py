"""What can be done: one function for each deed, with its permission, its form and its sentences beside it."""
