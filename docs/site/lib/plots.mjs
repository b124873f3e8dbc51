// Draws bar charts of the results of JMH in docs/performance/*.json, a chart for each file.
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { read, root } from './project.mjs'

const width = 440
const row = 34

/** Returns the section "Plots" of the page about performance, or nothing if there are no results. */
export function plots() {
  const folder = resolve(root, 'docs/performance')
  if (!existsSync(folder)) return ''
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
  if (files.length === 0) return ''
  const charts = files.map((name) => chart(name.replace(/\.json$/, ''), JSON.parse(read(`docs/performance/${name}`))))
  const text = [
    'Each chart shows the results of one run of JMH.',
    'A run with `-prof gc` shows bytes and not times, because the load of the machine does not change the bytes.',
    'A bar ends at the median, and the thin line shows the lowest and the highest result.',
    'Bars of one group share a scale, and two groups do not.',
  ]
  return `\n## Plots\n\n${text.join('\n')}\n\n${charts.join('\n\n')}\n`
}

/** Returns a chart as HTML without an empty line, which would end the HTML in Markdown. */
export function chart(name, results) {
  if (!Array.isArray(results) || results.length === 0) throw new Error(`docs/performance/${name}.json has no results of JMH.`)
  const title = `${name.replaceAll('-', ' ')}: JDK ${results[0].jdkVersion}`
  const groups = [...groupsOf(results.map(measured))]
  const lines = []
  const said = []
  let y = 30
  for (const [heading, bars] of groups) {
    y += 22
    lines.push(`<text x="0" y="${y}" font-size="14" font-weight="600">${escape(heading)}</text>`)
    y += 8
    const longest = Math.max(...bars.map((bar) => bar.most))
    for (const bar of bars) lines.push(...barAt((y += row) - row, bar, longest))
    said.push(`${heading}: ${bars.map((bar) => `${bar.contestant} ${bar.shown}`).join(', ')}.`)
  }
  const id = `plot-${name.replace(/[^\w-]/g, '-')}`
  return [
    `<svg class="plot" role="img" aria-labelledby="${id} ${id}-text" viewBox="0 0 ${width} ${y + 8}" xmlns="http://www.w3.org/2000/svg">`,
    `<title id="${id}">${escape(title)}</title>`,
    `<desc id="${id}-text">${escape(said.join(' '))}</desc>`,
    `<text x="0" y="20" font-size="16" font-weight="700">${escape(title)}</text>`,
    ...lines,
    '</svg>',
  ].join('\n')
}

function measured(result) {
  const [type, contestant] = result.benchmark.split('.').slice(-2)
  const bytes = result.secondaryMetrics?.['gc.alloc.rate.norm']
  const { score, scoreUnit, scorePercentiles = {} } = bytes ?? result.primaryMetric
  const params = Object.entries(result.params ?? {}).map(([key, value]) => `${key} = ${value}`)
  const sense = result.mode === 'thrpt' ? 'more is better' : 'less is better'
  const value = scorePercentiles['50.0'] ?? score
  return {
    group: `${[type.replace(/Benchmark$/, ''), ...params].join(', ')} (${scoreUnit}, ${sense})`,
    contestant,
    value,
    least: scorePercentiles['0.0'] ?? value,
    most: scorePercentiles['100.0'] ?? value,
    shown: `${rounded(value)} ${scoreUnit}`,
  }
}

function groupsOf(bars) {
  const groups = new Map()
  for (const bar of bars) groups.set(bar.group, [...(groups.get(bar.group) ?? []), bar])
  return groups
}

function barAt(y, bar, longest) {
  const x = (value) => ((value / longest) * width).toFixed(1)
  const ours = bar.contestant.startsWith('coro4j') ? ' ours' : ''
  return [
    `<text x="0" y="${y + 13}" font-size="13">${escape(bar.contestant)}: ${escape(bar.shown)}</text>`,
    `<rect class="bar${ours}" x="0" y="${y + 18}" width="${x(bar.value)}" height="10" rx="2"/>`,
    `<line class="range" x1="${x(bar.least)}" y1="${y + 23}" x2="${x(bar.most)}" y2="${y + 23}"/>`,
  ]
}

/** Returns the number with three significant digits, and with commas between thousands. */
const rounded = (value) => Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })

const escape = (text) => text.replace(/[&<>"{}]/g, (c) => `&#${c.charCodeAt(0)};`)
