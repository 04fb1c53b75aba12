"""The golden thread of a plan, from diagnosis to discharge criterion: a graph, told in words or drawn as a map."""

from toolkit.thread.graph import Broken, Gap, Link, Node, Part, Step, Thread, document, stems, thread

__all__ = ["Broken", "Gap", "Link", "Node", "Part", "Step", "Thread", "document", "stems", "thread"]
