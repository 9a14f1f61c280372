// The operations of the mocked API, as its contract declares them.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Return a function that resolves to the operations: {id, method, path, tag, statuses}. */
export function contractOf(address = "/openapi.json") {
  let loading = null;
  return () => {
    loading ??= fetch(address).then((answer) => answer.json()).then(operations);
    return loading;
  };
}

function operations(document) {
  const found = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) {
        found.push({
          id: operation.operationId,
          method: method.toUpperCase(),
          path,
          tag: operation.tags?.[0] ?? "",
          summary: operation.summary ?? "",
          statuses: Object.keys(operation.responses),
        });
      }
    }
  }
  return found;
}
