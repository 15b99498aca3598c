"""The proof by chaos.

Attendants save through the real server while everything around it fails at random.
"""
