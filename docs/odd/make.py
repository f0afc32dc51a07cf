"""Write the generated parts of every model's ODD page anew; `make odd` runs it."""

from pathlib import Path

from ecumene.models import MODELS
from ecumene.report.odd import refreshed

for name, ready in MODELS.items():
    page = Path(__file__).parent / f"{name}.md"
    page.write_text(refreshed(page.read_text(encoding="utf-8"), ready), encoding="utf-8")
