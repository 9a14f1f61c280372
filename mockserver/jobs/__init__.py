"""What is done at its moment: one function per kind of job. No rule stands here."""
