"""What stops the program on purpose: one base and a few children, each text one sentence for a person."""


class ToolkitError(Exception):
    """Base of every error raised on purpose; its text is one sentence: the file, the place and the way out."""


class ShelfError(ToolkitError):
    """Raised when a pack, payer, field file, condition or rule cannot be loaded.

    ``at`` leads to what is wrong in its file, from the outside in: keys, and numbers of items.
    """

    def __init__(self, text: str, *at: str | int) -> None:
        super().__init__(text)
        self.at = at


class ReadError(ToolkitError):
    """Raised when a workbook, JSON file or template cannot be read at all."""


class TemplateError(ToolkitError):
    """Raised when a template cannot be compiled, or asks for something a template may not do."""


class RenderError(ToolkitError):
    """Raised when a document cannot be rendered."""


class WriteError(ToolkitError):
    """Raised when the output folder or a file in it cannot be written."""


class SignError(ToolkitError):
    """Raised when a PDF cannot be signed: the key, the password, the place to sign, or what was signed before."""
