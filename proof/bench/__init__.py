"""What the product costs, measured beside the bare thing in the same run."""
