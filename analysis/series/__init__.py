"""What frequency, excitation, links and forecasts share: launch days, strata, windows."""
