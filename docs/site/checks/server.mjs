// Serves the built site from this machine, below its base path.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { base, html } from '../lib/project.mjs'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png' }

/** Returns the address of the site, and a function that stops the server. */
export async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    // Browsers ask for it on pages of the javadoc, which name no icon.
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    let file = pathname.startsWith(base) ? join(html, normalize(decodeURIComponent(pathname.slice(base.length - 1)))) : ''
    if (file.startsWith(html) && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
    if (!file.startsWith(html) || !existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  return { url: `http://127.0.0.1:${server.address().port}${base}`, stop: () => server.close() }
}
