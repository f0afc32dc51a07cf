"""What a story costs: its shares, and not the people that there are."""
