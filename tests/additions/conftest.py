"""``pytest tests/additions`` ends with a table: how many files each addition took, and which."""

from pathlib import Path


def pytest_terminal_summary(terminalreporter):
    rows = {}
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        touched = dict(getattr(report, "user_properties", ())).get("touched")
        if touched:
            rows[Path(report.nodeid.partition("::")[0]).stem.removeprefix("test_")] = touched
    if rows:
        terminalreporter.section("files that an addition takes", sep="-")
    for what, files in sorted(rows.items()):
        terminalreporter.write_line(f"{what.replace('_', ' '):26s} {len(files)}  {', '.join(files)}")
