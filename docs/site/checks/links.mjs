// Finds dead links: in every built page, in the first page of each API, and in the messages of the library.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { base, errorsUrl, exists, homeUrl, root, siteUrl } from '../lib/project.mjs'
import { builtPages, pageAt } from './html.mjs'

const problems = []
let links = 0

/** Returns the problem of a link on a page, or undefined. Links to other servers are not followed. */
function problemOf(link, from) {
  const url = new URL(link, new URL(from, siteUrl))
  if (url.href.startsWith(`${homeUrl}/blob/main/`) || url.href.startsWith(`${homeUrl}/tree/main/`)) {
    const file = decodeURIComponent(url.pathname.split('/').slice(5).join('/'))
    return exists(file) ? undefined : 'the repository has no such file'
  }
  if (url.origin !== new URL(siteUrl).origin) return undefined
  if (!url.pathname.startsWith(base)) return 'it leaves the base path of the site'
  const target = pageAt(decodeURIComponent(url.pathname.slice(base.length)) || 'index.html')
  if (!target) return 'the site has no such file'
  const anchor = decodeURIComponent(url.hash.slice(1))
  return anchor === '' || target.anchors.has(anchor) ? undefined : 'the page has no such anchor'
}

function check(link, from) {
  links++
  const problem = problemOf(link, from)
  if (problem) problems.push(`${from}: ${link}: ${problem}`)
}

const pages = builtPages()
for (const path of [...pages, 'api/java/index.html', 'api/kotlin/index.html']) {
  const page = pageAt(path)
  if (page) page.links.filter((link) => !/^(data|mailto|javascript):/.test(link)).forEach((link) => check(link, path))
  else problems.push(`${path}: the page is missing`)
}

/** A message ends with the address of a heading of the page about errors. */
const calls = new Set()
for (const folder of ['java-api/src/main', 'kotlin-impl/src/main']) {
  for (const file of readdirSync(resolve(root, folder), { recursive: true }).filter((name) => /\.(java|kt)$/.test(name))) {
    const text = readFileSync(resolve(root, folder, file), 'utf8')
    for (const [, heading] of text.matchAll(/seeError\("([^"]+)"\)/g)) calls.add(heading)
  }
}
if (calls.size === 0) problems.push('No message of the library has a link.')
for (const heading of calls) check(`${errorsUrl}#${heading}`, 'a message')
if (!errorsUrl.startsWith(siteUrl)) problems.push(`errors.url does not lead to the site: ${errorsUrl}`)

if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`${links} links on ${pages.length} pages and in ${calls.size} messages lead somewhere.`)
