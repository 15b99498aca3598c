"""The proof by chaos: attendants save through the real server while everything around it fails at random."""
