// Reads the text of dumpJson() into a tree of nodes. docs/observability.md lists the members of the JSON.
import { circleOf, waitChain } from './waits.mjs'

/** A problem of the pasted text, with a message for the user. */
export class DumpError extends Error {}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Returns the text with its control characters escaped, as dump() does, so that a name cannot look like something else. */
export const plain = (text) => String(text).replace(control, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Returns the tree of a dump with its waits. Throws a DumpError if the text is no dump. */
export function explain(text) {
  const nodes = []
  const tree = scopeNode(parse(text), nodes)
  const byLabel = groupByLabel(nodes)
  for (const node of nodes) {
    node.waits = node.waitsFor.map((label) => ({ label: plain(label), targets: (byLabel.get(label) ?? []).map((each) => each.id) }))
  }
  const circle = circleOf(nodes)
  circle?.path.forEach((id) => (nodes[id].inCircle = true))
  const longest = longestWait(nodes)
  if (longest) longest.longest = true
  return { tree, nodes, circle, longest, chain: longest ? waitChain(nodes, longest) : [] }
}

function parse(text) {
  const start = text.trimStart()
  if (start === '') throw new DumpError('There is no text yet. Paste what scope.dumpJson() returned.')
  if (start.startsWith('scope "')) throw new DumpError('This is the text of scope.dump(). Paste what scope.dumpJson() returned.')
  let json
  try {
    json = JSON.parse(text)
  } catch (e) {
    throw new DumpError(`This is not JSON: ${e.message}. A dump is one line that begins with {"kind":"scope".`)
  }
  if (json?.kind !== 'scope') throw new DumpError('This JSON is not a dump of a scope: it does not begin with {"kind":"scope".')
  return json
}

function scopeNode(scope, nodes) {
  const node = newNode(scope, nodes)
  const jobs = list(scope, 'jobs').map((job) => jobNode(job, nodes))
  const scopes = list(scope, 'scopes').map((inner) => scopeNode(inner, nodes))
  const counts = scope.tasks ?? {}
  node.facts.push(counted(counts.total ?? 0, 'task'), ...progress(counts))
  if (scope.coroutines > 0) node.facts.push(counted(scope.coroutines, 'coroutine'))
  if (scope.callbacksUnderWay > 0) node.facts.push(`${counted(scope.callbacksUnderWay, 'callback')} under way`)
  node.children = [...jobs, ...scopes]
  node.more = [...more(scope.moreJobs, 'job'), ...more(scope.moreScopes, 'scope')]
  return node
}

function jobNode(job, nodes) {
  const node = newNode(job, nodes)
  node.cancelling = job.cancelling === true
  node.thread = job.thread
  node.seconds = job.runningSeconds ?? job.ageSeconds
  if (job.thread !== undefined) node.facts.push(`on thread ${plain(job.thread)}`)
  if (job.runningSeconds !== undefined) node.facts.push(`running for ${job.runningSeconds} s`)
  if (job.end !== undefined) node.facts.push(plain(job.end))
  if (job.secondsLeft !== undefined) node.facts.push(`${job.secondsLeft} s left`)
  if (job.limit) {
    const { name, capacity, inUse, queued } = job.limit
    node.facts.push(`limit "${plain(name)}": ${inUse} of ${capacity} permits in use, ${queued} in the queue`)
  }
  if (job.children) {
    const { total, done } = job.children
    node.facts.push(total === undefined ? `${done} children done` : `${done} of ${total} children done`, ...progress(job.children))
  }
  node.waitsFor = list(job, 'waitsFor').map(String)
  node.moreWaitedFor = job.moreWaitedFor ?? 0
  node.startedAt = job.startedAt === undefined ? undefined : plain(job.startedAt)
  node.stack = list(job, 'stack').map(plain)
  node.moreFrames = job.moreFrames ?? 0
  node.children = list(job, 'jobs').map((child) => jobNode(child, nodes))
  node.more = more(job.moreJobs, 'child without a line', 'children without a line')
  return node
}

function newNode(json, nodes) {
  if (typeof json?.kind !== 'string' || typeof json.name !== 'string') {
    throw new DumpError('An entry of this dump has no "kind" or no "name", so the text is not a whole dump.')
  }
  const node = {
    id: nodes.length,
    kind: json.kind,
    label: `${json.kind} "${json.name}"`,
    shown: plain(`${json.kind} "${json.name}"`),
    state: plain(json.state ?? ''),
    reason: json.reason === undefined ? undefined : plain(json.reason),
    age: json.ageSeconds,
    facts: [],
    waitsFor: [],
    children: [],
    stack: [],
  }
  nodes.push(node)
  return node
}

function list(json, member) {
  const value = json[member] ?? []
  if (!Array.isArray(value)) throw new DumpError(`The member "${member}" of ${plain(json.kind)} "${plain(json.name)}" must be a list.`)
  return value
}

/** The dump does not say since when a job waits, so the run time or else the age is the measure. */
function longestWait(nodes) {
  const waiting = nodes.filter((node) => node.waits.length > 0)
  return waiting.reduce((most, node) => (!most || (node.seconds ?? 0) > (most.seconds ?? 0) ? node : most), undefined)
}

const states = [['pending', 'pending'], ['running', 'running'], ['queued', 'waiting for a thread'], ['withoutPermit', 'without a permit'],
  ['suspended', 'suspended'], ['ending', 'ending'], ['cancelling', 'cancelling']]

const progress = (counts) => states.filter(([member]) => counts[member] > 0).map(([member, text]) => `${counts[member]} ${text}`)

const counted = (count, noun, plural = `${noun}s`) => `${count} ${count === 1 ? noun : plural}`

const more = (count, noun, plural) => (count > 0 ? [`and ${count} more ${count === 1 ? noun : (plural ?? `${noun}s`)}`] : [])

function groupByLabel(nodes) {
  const groups = new Map()
  for (const node of nodes) {
    if (groups.has(node.label)) groups.get(node.label).push(node)
    else groups.set(node.label, [node])
  }
  return groups
}
