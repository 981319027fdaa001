"""What maintains the repository: the README numbers, the stored notebooks, the wheel."""
