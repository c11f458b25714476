"""What the faults have cost, collected by each test and shown in one table at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / "test-results" / "faults.txt"
_HEADS = ("Fault", "Engine", "What was measured", "Found", "Allowed")


@dataclass
class Figures:
    """The lines of the table."""

    lines: list[tuple[str, ...]] = field(default_factory=list)

    def note(self, fault: str, engine: str, what: str, found: object, allowed: object = "") -> None:
        """Keep one figure; a number is shown with two decimals at most."""
        shown = f"{found:.2f}" if isinstance(found, float) else str(found)
        self.lines.append((fault, engine, what, shown, str(allowed)))

    def table(self) -> list[str]:
        """All figures, in columns."""
        rows = [_HEADS, *self.lines]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
        ruled = [_HEADS, tuple("-" * width for width in widths), *self.lines]
        return [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in ruled
        ]

    def keep(self) -> None:
        """Write the table where CI finds it."""
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text("\n".join(self.table()) + "\n", encoding="utf-8")
