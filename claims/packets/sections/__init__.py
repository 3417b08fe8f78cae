"""What stands in a packet, one module per group of its sections: facts in, words and numbers out."""
