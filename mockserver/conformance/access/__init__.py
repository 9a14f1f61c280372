"""Who may call what: every operation against every kind of credential."""
