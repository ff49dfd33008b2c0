"""What adding a thing takes: each addition is made in a scratch copy of the checkout, and the files are counted."""
