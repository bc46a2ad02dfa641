"""Everything that knows a platform, one folder each."""
