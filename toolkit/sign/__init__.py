"""Signing PDFs and verifying what was signed; pyHanko and cryptography are used nowhere else.

`keys` reads a signer's key, `signing` signs, `verifying` tells who signed and whether it still holds, `stamp` draws
what a signature shows on the page. All of it needs ``pip install 'plankit[sign]'``.
"""
