// Copies the pages of the repository to target/pages, which is the source folder of VitePress.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { decisions, pageMap, title, written } from './contents.mjs'
import { home } from './home.mjs'
import { deadLinks, rewriteLinks } from './links.mjs'
import { plots } from './plots.mjs'
import { homeUrl, pages, read, root, site } from './project.mjs'

const map = pageMap()
const generated = new Set(Object.values(written))

function write(path, text) {
  const file = resolve(pages, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function page(source) {
  const path = map.get(source)
  let text = rewriteLinks(read(source), source, map)
  if (path === 'performance.md') text += plots()
  // The list of tests would fill the results of the search.
  return path === 'rules-index.md' ? `---\nsearch: false\n---\n\n${text}` : text
}

function listOfDecisions() {
  const items = decisions().map((source) => `- [${title(source)}](./${map.get(source).replace('adr/', '')})`)
  return `---\neditLink: false\n---\n\n# Decisions\n\nEach page gives one decision about Coro4j and the reasons for it.\n\n${items.join('\n')}\n`
}

/** Copies the pages of one API, which Maven has written. */
function api(language, folder) {
  const from = resolve(root, folder)
  if (!existsSync(resolve(from, 'index.html'))) throw new Error(`${folder} has no index.html.`)
  cpSync(from, resolve(pages, 'public/api', language), { recursive: true })
}

/** Takes the fonts of the javadoc out: they are large, and some JDKs import them but do not bring them along. */
function withoutFonts(folder) {
  const style = resolve(folder, 'stylesheet.css')
  writeFileSync(style, readFileSync(style, 'utf8').replace(/^@import url\([^)]*fonts[^)]*\);$/gm, ''))
  rmSync(resolve(folder, 'resources/fonts'), { recursive: true, force: true })
}

rmSync(pages, { recursive: true, force: true })
for (const [source, path] of map) if (!generated.has(path)) write(path, page(source))
write('adr/index.md', listOfDecisions())
write('index.md', rewriteLinks(home(read('README.md'), homeUrl), 'README.md', map))
write('explain.md', read('docs/site/explain.md'))
cpSync(resolve(site, 'public'), resolve(pages, 'public'), { recursive: true })
const images = resolve(root, 'docs/images')
if (existsSync(images)) cpSync(images, resolve(pages, 'images'), { recursive: true })
api('java', 'java-api/target/site-api/apidocs')
withoutFonts(resolve(pages, 'public/api/java'))
api('kotlin', 'kotlin-impl/target/site-api')
if (deadLinks.length > 0) throw new Error(`Links that lead nowhere:\n${deadLinks.join('\n')}`)
console.log(`${map.size} pages are in ${pages}.`)
