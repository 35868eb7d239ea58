"""Which capacity fits a workload, why, and what it costs beside the others. Pure: nothing here reads or prints."""
