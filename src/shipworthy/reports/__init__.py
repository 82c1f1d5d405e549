"""How a scorecard and a comparison look: self-contained, printable HTML, shared by every way in."""
