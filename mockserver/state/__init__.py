"""State as a value: tables, indexes, transactions, snapshots. Knows no HTTP and no noun."""
