"""What all tests share: one flag rewrites the golden texts."""


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="rewrite the golden texts from what is made now")
