"""The desk of moderators: the queue, then one page for each thing to decide."""
