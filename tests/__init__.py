"""Tests, simulations that prove the statistics, and benchmarks."""
