"""Fill population-specific treatment plans, reviews and discharge summaries from spreadsheets or JSON."""

__version__ = "0.1.0"
