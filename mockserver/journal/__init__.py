"""What was asked of each sandbox and what it was answered; it knows no HTTP server."""
