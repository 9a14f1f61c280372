"""The validating proxy, its recording, and the audit of recorded traffic.

The proxy stands in front of any implementation of the platform API and passes everything on; an
independent judge says of each exchange whether the contract allows it. The audit asks the same
judge about traffic that somebody else recorded. Needs the extra `check`.
"""
