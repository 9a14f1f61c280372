// Scalar's mock server over the bundled contract: node scalar.mjs PORT DOCUMENT
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

import { createMockServer } from '@scalar/mock-server'

const [port, file] = process.argv.slice(2)
const app = await createMockServer({ document: readFileSync(file, 'utf8') })

createServer(async (request, response) => {
  const body = ['GET', 'HEAD'].includes(request.method) ? undefined : await read(request)
  const answer = await app.fetch(
    new Request(`http://127.0.0.1:${port}${request.url}`, {
      method: request.method,
      headers: request.headers,
      body,
    }),
  )
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(Buffer.from(await answer.arrayBuffer()))
}).listen(Number(port), '127.0.0.1')

async function read(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}
