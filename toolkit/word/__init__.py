"""Word: compile a template once, render it many times, read the result back."""
