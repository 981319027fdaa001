"""Simulations that show that tests hold their size and intervals their coverage."""
