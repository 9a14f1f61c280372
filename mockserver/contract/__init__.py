"""What the contract says: documents, operations, schemas, relaxations, gaps.

No state and no server live here, and nothing here imports another room.
"""
