"""What messages say of a workbook that lacks a sheet or a column."""


def wider(*options: str) -> str:
    """Return the command that makes a copy of a workbook with what it lacks, as it is typed."""
    return " ".join(("plankit new --from YOUR-WORKBOOK.xlsx -o NEW.xlsx", *options))
