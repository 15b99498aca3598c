"""What goes on without anybody asking."""
