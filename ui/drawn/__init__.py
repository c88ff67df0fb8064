"""The components as functions of plain values, for templates (ui/templatetags/ui.py) and for Python that draws rows (ui/pieces.py)."""
