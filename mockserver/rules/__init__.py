"""What holds for every resource, written once: records, integrity, masks, views.

Rules know tables and kinds of mistakes. They know no noun, no status and no HTTP.
"""
