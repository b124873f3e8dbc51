// The order of the pages, and the texts of the menus.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { exists, homeUrl, read, root, site, version } from './project.mjs'

const guide = ['start', 'tasks', 'futures', 'gathers', 'cancelling', 'time', 'failures', 'threads', 'context', 'android', 'scaling-out', 'testing', 'which', 'recipes']

const topics = [
  ['docs/jobs.md', 'Ten jobs'],
  ['docs/interop.md', 'Kotlin and other futures'],
  ['docs/frameworks.md', 'Spring Boot'],
  ['docs/coming-from.md', 'Coming from ...'],
]

const reference = [
  ['docs/gather.md', 'Gather'],
  ['docs/rules.md', 'Rules'],
  ['docs/errors.md', 'Errors'],
  ['docs/observability.md', 'Dumps and metrics'],
  ['docs/glossary.md', 'Glossary'],
  ['docs/performance.md', 'Performance'],
  ['docs/architecture.md', 'Architecture'],
  ['docs/concurrency.md', 'Threads and locks'],
  ['docs/rules-index.md', 'Tests of the rules'],
]

/** Pages that the site has in another form, or that the build writes. */
export const written = { 'docs/adr': 'adr/index.md', 'docs/site/explain.md': 'explain.md', 'README.md': 'index.md' }

const guidePages = () => guide.map((name) => `docs/guide/${name}.md`).filter(exists)

export const decisions = () =>
  readdirSync(resolve(root, 'docs/adr'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/adr/${name}`)

/** Returns the Markdown files of the repository that become pages, each with its place in the site. */
export function pageMap() {
  const sources = [...guidePages(), ...topics.map(([path]) => path), ...reference.map(([path]) => path), ...decisions()]
  const copied = sources.map((path) => [path, path.replace(/^docs\//, '')])
  return new Map([...copied, ...Object.entries(written)])
}

/** Returns the first heading of a page, without the marks of Markdown. */
export function title(path) {
  const heading = /^# (.+)$/m.exec(read(path))
  if (!heading) throw new Error(`${path} has no heading of the first level.`)
  return heading[1].replaceAll('`', '')
}

const link = (path) => `/${pageMap().get(path).replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`
const item = ([path, text]) => ({ text, link: link(path) })
const titled = (path) => ({ text: title(path), link: link(path) })

/** The pages of the API are no pages of VitePress, so its router must not load them. */
const api = [
  { text: 'Java API (javadoc)', link: '/api/java/index.html', target: '_self' },
  { text: 'Kotlin API (KDoc)', link: '/api/kotlin/index.html', target: '_self' },
]

const explain = { text: 'Explain a dump', link: '/explain' }

export const sidebar = () => [
  { text: 'Guide', items: guidePages().map(titled) },
  { text: 'In practice', items: [...topics.map(item), explain] },
  { text: 'Reference', items: [...reference.map(item), ...api] },
  { text: 'Decisions', collapsed: true, items: [{ text: 'All decisions', link: '/adr/' }, ...decisions().map(titled)] },
]

/** Each release adds its version and the address of its site to versions.json, the newest first. */
function versions() {
  const released = JSON.parse(readFileSync(resolve(site, 'versions.json'), 'utf8'))
  return [
    { text: `${version} (this site)`, link: '/' },
    ...released.map((each) => ({ text: each.version, link: each.url })),
    { text: 'Changes', link: `${homeUrl}/blob/main/CHANGELOG.md` },
  ]
}

export const nav = () => [
  { text: 'Guide', link: link(guidePages()[0]), activeMatch: '^/guide/' },
  item(topics[0]),
  { text: 'Kotlin', link: link('docs/interop.md') },
  { text: 'Reference', items: [...reference.map(item), { text: 'Decisions', link: '/adr/' }] },
  { text: 'API', items: api },
  { text: 'Explain', link: explain.link },
  { text: version, items: versions(), activeMatch: '^$' },
]
