"""One module per noun: its table as data, then the rules that only it has. No HTTP."""
