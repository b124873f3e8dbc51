// What the site takes from the project: its folders, and the properties of the root POM.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const site = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const root = resolve(site, '../..')
export const pages = resolve(site, 'target/pages')
export const html = resolve(site, 'target/html')

const pom = readFileSync(resolve(root, 'pom.xml'), 'utf8')

/** Returns the text of the first element of that name in the root POM, with its properties replaced. */
function element(name) {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(pom)
  if (!found) throw new Error(`The root pom.xml has no element <${name}>.`)
  return found[1].replace(/\$\{([^}]+)\}/g, (_, property) => element(property))
}

export const version = element('version')
export const homeUrl = element('home.url')
export const siteUrl = element('site.url')
export const errorsUrl = element('errors.url')
export const base = new URL(siteUrl).pathname

if (!base.endsWith('/')) throw new Error(`site.url must end with a slash: ${siteUrl}`)

/** Returns the text of a file of the repository. */
export const read = (path) => readFileSync(resolve(root, path), 'utf8')

export const exists = (path) => existsSync(resolve(root, path))
