"""What is known: tables typed by hand, checked, built, loaded, and a user's own files."""

#: Version of the record: its last day, then the revision of the facts.
DATA_VERSION = "2026-08-22.1"
