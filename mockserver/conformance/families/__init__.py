"""One module per noun: right calls of its operations, and rules that only it has."""
