"""Laws: rules that hold for every noun, made from its table. One rule per operation and law."""
