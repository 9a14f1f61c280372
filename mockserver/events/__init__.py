"""What happens later, and what leaves: jobs at their moments, events to their destinations."""
