"""Numbers and tables as text and markup; progress."""
