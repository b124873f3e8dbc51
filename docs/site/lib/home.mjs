// Makes the home page from the README, so that the two cannot differ.

/** Returns the part of the text below a heading of the second level. */
function section(readme, heading) {
  const found = new RegExp(`^## ${heading}\n([\\s\\S]*?)(?=^## )`, 'm').exec(readme)
  if (!found) throw new Error(`README.md has no section "${heading}".`)
  return found[0].trimEnd()
}

/** Returns a sentence of Markdown as HTML, because the features of the home page take no Markdown. */
const htmlOf = (text) => text.replaceAll('<', '&lt;').replace(/`([^`]+)`/g, '<code>$1</code>')

export function home(readme, homeUrl) {
  const start = /^# (.+)\n\n(.+)\n/.exec(readme)
  const promises = [...readme.split(/^## /m)[0].matchAll(/^- \*\*(.+?):\*\* (.+)$/gm)]
  if (!start || promises.length !== 3) throw new Error('README.md does not begin with a title, a sentence and three promises.')
  const [, name, sentence] = start
  const front = {
    layout: 'home',
    hero: {
      name,
      text: 'Tasks, futures and gathers for Java',
      tagline: sentence,
      actions: [
        { theme: 'brand', text: 'Start here', link: '/guide/start' },
        { theme: 'alt', text: 'Ten ordinary jobs', link: '/jobs' },
        { theme: 'alt', text: 'Source code', link: homeUrl },
      ],
    },
    features: promises.map(([, title, details]) => ({ title, details: htmlOf(details[0].toUpperCase() + details.slice(1)) })),
  }
  const body = ['Install', 'A first program', 'Comparison', 'Compatibility'].map((heading) => section(readme, heading))
  // JSON is YAML too, and needs no library.
  return `---\n${JSON.stringify(front, null, 2)}\n---\n\n${body.join('\n\n')}\n`
}
