"""Imported first by what reads spreadsheets: says what to install without openpyxl."""

from . import require

require("excel", "openpyxl")
