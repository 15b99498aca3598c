"""What the README claims, measured: speed, nothing lost or doubled, every fault named."""
