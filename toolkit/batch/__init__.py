"""The order of things: every record is judged, printed, proven and filed. The only room that writes documents."""

from toolkit.batch.marked import mark
from toolkit.batch.report_file import write_report
from toolkit.batch.run import FORMS, judge, load, make
from toolkit.batch.side_by_side import side_by_side

__all__ = ["FORMS", "judge", "load", "make", "mark", "side_by_side", "write_report"]
