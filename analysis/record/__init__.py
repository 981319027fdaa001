"""What is known: tables typed by hand, checked, built, loaded, and a user's own files."""
