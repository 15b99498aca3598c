"""Pages that set the panel up, or find out why it does not work.

They are for those who never see the chat.
"""
