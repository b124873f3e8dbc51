import { defineConfig } from 'vitepress'
import { nav, sidebar } from '../lib/contents.mjs'
import { base, homeUrl } from '../lib/project.mjs'

/** Returns the anchor that GitHub gives to a heading, so that a link works in both places. */
export function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

export default defineConfig({
  title: 'Coro4j',
  description: 'Tasks, futures and gathers for Java, run by Kotlin coroutines.',
  lang: 'en',
  base,
  srcDir: 'target/pages',
  srcExclude: ['public/**'],
  outDir: 'target/html',
  cacheDir: 'target/cache',
  metaChunk: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }]],
  markdown: {
    languageAlias: { java25: 'java' },
    anchor: { slugify },
    toc: { slugify },
    headers: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    config(md) {
      // A table scrolls in a box of its own.
      md.renderer.rules.table_open = () => '<div class="table-box" tabindex="0"><table>\n'
      md.renderer.rules.table_close = () => '</table></div>\n'
    },
  },
  // The index of the search is one large file.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    logo: '/logo.svg',
    nav: nav(),
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local', options: { detailedView: true } },
    socialLinks: [{ icon: 'github', link: homeUrl }],
    editLink: { pattern: `${homeUrl}/blob/main/docs/:path`, text: 'The source of this page' },
    footer: { message: 'Released under the Apache License 2.0.' },
  },
})
