"""The page: one self-contained HTML file that answers a scenario at several severities."""

from exposure.report.page.html import page_text, write_page
from exposure.report.page.severity import LABELS, STEPS, at_severity

__all__ = ["LABELS", "STEPS", "at_severity", "page_text", "write_page"]
