"""The publishing gate: one list of checks for each page type, asked at every door, kept with what was published."""

from .kept import keep_report, kept_reports
from .reports import report_on
from .values import Fault, Line, Report

__all__ = ["Fault", "Line", "Report", "keep_report", "kept_reports", "report_on"]
