"""From a Snapshot to tables: everything that policies say, as sets of endpoint classes."""
