"""What Brazil writes: documents, phones, names, masks, and who may be meant by them.

Pure functions.
"""
