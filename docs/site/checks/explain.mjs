// Uses the page "Explain" as a user does.
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { site } from '../lib/project.mjs'

const job = (name, more) => ({ kind: 'task', name, state: 'running', ageSeconds: 1, ...more })
const dump = (jobs) => JSON.stringify({ kind: 'scope', name: 'shop', state: 'open', ageSeconds: 9, tasks: { total: jobs.length }, jobs })

export async function explainChecks(page, url) {
  await page.goto(`${url}explain.html`, { waitUntil: 'networkidle' })
  const requests = []
  page.on('request', (request) => requests.push(request.url()))
  await sample(page)
  await badInput(page)
  await circles(page)
  await hostileNames(page)
  assert.deepEqual(requests, [], 'the page "Explain" sends nothing')
}

async function enter(page, text) {
  await page.fill('#dump-text', text)
  await page.click('.dump-buttons .first')
}

async function sample(page) {
  await page.click('text="Load a sample"')
  const summary = await page.textContent('.dump-summary')
  assert.match(summary, /no circle/)
  assert.match(summary, /longest wait: task "manager", for at most 3\.\d+ s/)
  assert.match(summary, /task "manager" → task "page" → task "load"/)
  const load = page.locator('.dump-node', { hasText: 'task "load"running' })
  assert.match(await load.textContent(), /cancelling.*Reason of the cancel: the user has left/s)
  assert.match(await page.textContent('.dump-tree'), /0 of 5 children done · |and 3 more children without a line/)
  await page.click('.dump-wait button:has-text("gather \\"prices\\"")')
  const target = await page.locator('.dump-node.selected').textContent()
  assert.match(target, /gather "prices"/, 'the link of a wait leads to what is waited for')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'the tree fits a phone')
  await page.screenshot({ path: resolve(site, 'target/screenshots/explain-sample.png'), fullPage: true })
}

async function badInput(page) {
  const cases = [
    ['', /There is no text yet/],
    ['{"kind":"scope",', /This is not JSON/],
    ['scope "shop" (open, age 12 s)', /This is the text of scope.dump\(\)/],
    ['[1]', /not a dump of a scope/],
    ['null', /not a dump of a scope/],
    ['{"kind":"scope","name":"shop","jobs":7}', /"jobs" of scope "shop" must be a list/],
    ['{"kind":"scope","name":"shop","jobs":[null]}', /has no "kind" or no "name"/],
  ]
  for (const [text, message] of cases) {
    await enter(page, text)
    assert.match(await page.textContent('.dump-problem'), message)
    assert.equal(await page.locator('.dump-tree').count(), 0, `no tree for ${text}`)
  }
}

async function circles(page) {
  await enter(page, dump([job('a', { waitsFor: ['task "b"'] }), job('b', { waitsFor: ['task "a"'] }), job('c')]))
  assert.match(await page.textContent('.dump-summary'), /A circle of waits: task "a" → task "b" → task "a"/)
  assert.equal(await page.locator('.dump-node.circle').count(), 2)
  await enter(page, dump([job('a', { waitsFor: ['task "b"'] }), job('b', { waitsFor: ['task "a"'] }), job('b')]))
  assert.match(await page.textContent('.dump-summary'), /Perhaps a circle/)
  const child = job('g[0]', { waitsFor: ['gather "g"'] })
  await enter(page, dump([{ kind: 'gather', name: 'g', state: 'pending', ageSeconds: 1, children: { done: 0 }, jobs: [child] }]))
  assert.match(await page.textContent('.dump-summary'), /A circle of waits: gather "g" → task "g\[0\]" → gather "g"/)
}

async function hostileNames(page) {
  const rude = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">{{ 6 * 7 }}\u202e\n'
  await enter(page, dump([job(rude, { reason: rude, cancelling: true, thread: rude, stack: [rude], waitsFor: [`task "${rude}"`, rude] })]))
  const shown = await page.textContent('.dump-tree')
  assert.ok(shown.includes('task "<script>window.hacked = 1</script>'), 'a name is shown as text')
  assert.ok(shown.includes('{{ 6 * 7 }}\\u202e\\u000a'), 'control characters are escaped')
  assert.equal(await page.locator('.dump-tree script, .dump-tree img').count(), 0)
  assert.equal(await page.evaluate(() => window.hacked), undefined, 'no text runs as code')
}
