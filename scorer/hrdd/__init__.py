"""Human-rights due diligence: DataFrame in, DataFrame out."""

__version__ = "0.1.0"
