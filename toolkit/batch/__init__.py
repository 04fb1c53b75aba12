"""The order of things: every record is judged, printed, proven and filed. The only room that writes documents."""

from toolkit.batch.marked import mark
from toolkit.batch.report_file import write_report
from toolkit.batch.run import FORMS, judge, make

__all__ = ["FORMS", "judge", "make", "mark", "write_report"]
