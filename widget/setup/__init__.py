"""Pages of those who never see the chat: who sets the panel up, and who finds out why it does not work."""
