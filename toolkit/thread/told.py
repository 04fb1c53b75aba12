"""A thread told on a screen: a tree from the diagnoses on, every broken end marked."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.thread.graph import Broken, Node, Thread

_WIDTH = 72
_STEP = "  "


def told(thread: Thread) -> Iterator[str]:
    """Yield the lines of ``thread``: each node once, below what leads to it, with a × where a link is missing."""
    shown: set[int] = set()
    led = {id(link.target) for link in thread.links if not link.through}
    for step in thread.steps:
        for node in step.nodes:
            if id(node) not in led:
                yield from _node(node, thread, shown, 0)
        if not step.nodes:
            yield f"× {step.none.lost} ({step.none.code})"


def _node(node: Node, thread: Thread, shown: set[int], depth: int) -> Iterator[str]:
    shown.add(id(node))
    ahead = [link.target for link in thread.links if link.source is node and not link.through]
    known = [f"{one.one} {one.id}" for one in ahead if id(one) in shown]
    state = f" [{node.state}]" if node.state else ""
    leads = f" → {', '.join(known)}" if known else ""
    about = thread.whole.get(id(node))
    said = f": {_short(node.text)}" if node.text else ""
    yield f"{_STEP * depth}{node.one} {node.id}{state}{said}{f' ({about})' if about else ''}{leads}"
    for lost in lost_at(node, thread.broken):
        yield f"{_STEP * (depth + 1)}× {lost}"
    for one in ahead:
        if id(one) not in shown:
            yield from _node(one, thread, shown, depth + 1)


def lost_at(node: Node, broken: tuple[Broken, ...]) -> list[str]:
    """Return what is missing at ``node``, each with the code of its rule."""
    gaps = [part.gap for part in node.parts if part.gap] + [one.gap for one in broken if one.node is node]
    return [f"{gap.lost} ({gap.code})" for gap in gaps]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH].rsplit(' ', 1)[0].rstrip(' ,;:–-')} …"
