"""What the queue does with an id: open, compute, keep. Nothing here enqueues."""
