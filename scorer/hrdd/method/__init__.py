"""From signals to a rating: levels, table, gates, interval, residual. Policy stands in levels.yaml."""
