"""A kept result read, put into words and drawn again, from its tables alone."""
