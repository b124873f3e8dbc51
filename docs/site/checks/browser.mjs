// Opens every page in Chromium, at the width of a phone and of a desktop, and tries the search and the page "Explain".
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { site } from '../lib/project.mjs'
import { explainChecks } from './explain.mjs'
import { builtPages } from './html.mjs'
import { serve } from './server.mjs'

const sizes = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desktop', width: 1440, height: 900 },
]
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const problems = []

/** Opens a page of the browser that reports what goes wrong in it, and each request to another server. */
async function watchedPage(browser, url, viewport) {
  const page = await browser.newPage({ viewport })
  const report = (text) => problems.push(`${viewport.name} ${page.url().replace(url, '')}: ${text}`)
  page.on('console', (message) => message.type() === 'error' && report(`console: ${message.text()}`))
  page.on('pageerror', (error) => report(`error: ${error.message}`))
  page.on('requestfailed', (request) => report(`request failed: ${request.url()}`))
  page.on('response', (response) => response.status() >= 400 && report(`${response.status()}: ${response.url()}`))
  page.on('request', (request) => request.url().startsWith(url) || request.url().startsWith('data:') || report(`request to ${request.url()}`))
  return { page, report }
}

function stopAtProblems(place) {
  if (problems.length > 0) throw new Error(`${place}\n${[...new Set(problems)].join('\n')}`)
}

async function look(browser, url, size) {
  const { page, report } = await watchedPage(browser, url, size)
  const folder = resolve(site, 'target/screenshots', size.name)
  mkdirSync(folder, { recursive: true })
  const shown = [...builtPages().filter((path) => path !== '404.html'), 'api/java/index.html', 'api/kotlin/index.html']
  for (const path of shown) {
    await page.goto(url + path, { waitUntil: 'networkidle' })
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      height: document.documentElement.scrollHeight,
      broken: [...document.images].filter((image) => image.loading !== 'lazy' && image.naturalWidth === 0).map((image) => image.src),
    }))
    if (found.wide > 0 && !path.startsWith('api/')) report(`the page is ${found.wide} px wider than the window`)
    found.broken.forEach((src) => report(`no image: ${src}`))
    const file = resolve(folder, `${path.replace(/\.html$/, '').replaceAll('/', '-')}.png`)
    await page.screenshot({ path: file, fullPage: found.height < 12_000 })
  }
  await page.close()
  return shown.length
}

async function search(browser, url) {
  const { page } = await watchedPage(browser, url, sizes[1])
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.click('.VPNavBarSearch button')
  await page.fill('.VPLocalSearchBox input', 'onCancel')
  const first = page.locator('.VPLocalSearchBox .result').first()
  await first.waitFor()
  await first.click()
  await page.waitForURL((address) => !address.href.endsWith('index.html') && address.href !== url)
  assert.match(await page.textContent('main'), /onCancel/, 'the first result for "onCancel" leads to a page that has it')
  await page.close()
}

const server = await serve()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium has no sandbox for root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: quiet,
})
try {
  const [count] = await Promise.all(sizes.map((size) => look(browser, server.url, size)))
  stopAtProblems('Problems of the pages:')
  await search(browser, server.url)
  const { page } = await watchedPage(browser, server.url, sizes[0])
  await explainChecks(page, server.url)
  stopAtProblems('Problems of the search and of "Explain":')
  console.log(`${count} pages are in order at ${sizes.map((size) => `${size.width}x${size.height}`).join(' and ')}; so are the search and "Explain".`)
} finally {
  await browser.close()
  server.stop()
}
