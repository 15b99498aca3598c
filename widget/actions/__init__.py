"""What can be done: one function for each deed, with its permission, form and sentences.

They stand beside the function.
"""
