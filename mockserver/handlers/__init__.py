"""One module per noun, one function per operationId: `@operation("createTopic")`.

A handler is a few lines: it names the rules that an operation follows. Status, media type,
validation, credentials and tenants are the contract's and the pipeline's business.
"""
