// Rewrites the links of a Markdown page of the repository for the site.
import { statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { exists, homeUrl, root } from './project.mjs'

const codeBlock = /^(\s*)(`{3,}|~{3,}).*\n[\s\S]*?^\s*\2`*\s*$/gm
const inlineCode = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g
const inlineLink = /(\]\()([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)((?:\s+"[^"]*")?\))/g
const reference = /^(\[[^\]]+\]:\s+)(\S+)(.*)$/gm

/** The links that lead nowhere, each with its page. */
export const deadLinks = []

/**
 * Returns the text with each relative link changed: a link to a page leads to the page of the site, an image to its copy,
 * and any other file to the repository.
 */
export function rewriteLinks(text, source, pages) {
  const rewrite = (whole, before, target, after) => before + linkFrom(source, target, pages) + after
  return outsideCode(text, (part) => part.replace(inlineLink, rewrite).replace(reference, rewrite))
}

/** Code is kept aside, because what looks like a link there is none. */
function outsideCode(text, change) {
  const kept = []
  const keep = (code) => `\u0000${kept.push(code) - 1}\u0000`
  const restore = (part) => part.replace(/\u0000(\d+)\u0000/g, (_, index) => restore(kept[index]))
  return restore(change(text.replace(codeBlock, keep).replace(inlineCode, keep)))
}

function linkFrom(source, target, pages) {
  if (/^[a-z]+:|^#|^\//i.test(target)) return target
  const [path, anchor] = target.split('#', 2)
  const file = posix.join(posix.dirname(source), path).replace(/\/$/, '')
  const hash = anchor === undefined ? '' : `#${anchor}`
  const here = posix.dirname(pages.get(source))
  if (pages.has(file)) return relative(here, pages.get(file)) + hash
  if (!exists(file)) {
    deadLinks.push(`${source}: ${target}`)
    return target
  }
  if (file.startsWith('docs/images/')) return relative(here, file.replace('docs/', '')) + hash
  const kind = statSync(resolve(root, file)).isDirectory() ? 'tree' : 'blob'
  return `${homeUrl}/${kind}/main/${file}${hash}`
}

function relative(from, to) {
  const path = posix.relative(from, to)
  return path.startsWith('.') ? path : `./${path}`
}
