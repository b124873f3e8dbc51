// Reads what the checks need from built pages: links, images and anchors.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { html } from '../lib/project.mjs'

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' }
const decode = (text) => text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole)

/** Returns the paths of the pages that VitePress has built, without those of the APIs. */
export function builtPages() {
  return readdirSync(html, { recursive: true })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.html') && !path.startsWith('api/'))
    .sort()
}

const pages = new Map()

/** Returns the links and anchors of a built page, or undefined if there is no such file. */
export function pageAt(path) {
  if (!pages.has(path)) pages.set(path, parse(path))
  return pages.get(path)
}

function parse(path) {
  let file = join(html, path)
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
  if (!existsSync(file)) return undefined
  const page = { path: relative(html, file).split(sep).join('/'), links: [], anchors: new Set() }
  if (!file.endsWith('.html')) return page
  for (const [, tag, attributes] of readFileSync(file, 'utf8').matchAll(/<([a-z][\w-]*)((?:\s+[^\s=>]+(?:=(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*\/?>/gi)) {
    for (const [, name, , double, single, bare] of attributes.matchAll(/([\w:-]+)=("([^"]*)"|'([^']*)'|([^\s>]+))/g)) {
      const value = decode(double ?? single ?? bare)
      if (name === 'href' || name === 'src') page.links.push(value)
      if (name === 'id' || (name === 'name' && tag === 'a')) page.anchors.add(value)
    }
  }
  return page
}
