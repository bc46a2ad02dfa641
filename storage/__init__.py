"""Everything that is kept: tables, queries, the unit of work and the migrations."""
