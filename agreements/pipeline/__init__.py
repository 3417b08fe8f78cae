"""What the queue does with an id: open, read, keep. Nothing here enqueues."""
