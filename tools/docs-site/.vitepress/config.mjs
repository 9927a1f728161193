import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slug } from '../src/stage-pages.mjs';
import { sidebar } from './sidebar.mjs';

const decisions = readdirSync(new URL('../../../docs/adr', import.meta.url)).toSorted();
const titleOf = (name) =>
  readFileSync(new URL(`../../../docs/adr/${name}`, import.meta.url), 'utf8')
    .split('\n')[0]
    .slice(2);

export default defineConfig({
  title: 'Feather Identity',
  description: 'Issue, verify and revoke API keys: a service and a NestJS library',
  lang: 'en',
  // Where the site is: `DOCS_BASE=/feather-identity/ npm run docs` for the pages of a repository on GitHub.
  base: process.env.DOCS_BASE ?? '/',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: false,
  // Keeps the description of the site out of inline scripts, which the policy below would have to name.
  metaChunk: true,
  ignoreDeadLinks: 'localhostLinks',
  markdown: { anchor: { slugify: slug }, theme: { light: 'github-light', dark: 'github-dark' } },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env.DOCS_BASE ?? '/'}feather.svg` }]],
  transformHtml: withPolicy,
  transformPageData(page) {
    if (page.relativePath === 'index.md') page.frontmatter = { ...page.frontmatter, ...HOME };
    if (page.relativePath.startsWith('adr/')) page.frontmatter.outline = false;
  },
  themeConfig: {
    logo: '/feather.svg',
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: '/guides/keys' },
      { text: 'Operating', link: '/operating/production' },
      { text: 'Reference', link: '/reference/http' },
    ],
    sidebar: [
      ...sidebar,
      {
        text: 'Decisions',
        collapsed: true,
        items: decisions.map((name) => ({ text: titleOf(name), link: `/adr/${name.replace('.md', '')}` })),
      },
    ],
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: 'https://github.com/OWNER/feather-identity' }],
    footer: { message: 'Apache-2.0' },
  },
});

const HOME = {
  layout: 'home',
  hero: {
    name: 'Feather Identity',
    text: 'Issue, verify and revoke API keys',
    tagline: 'A service and a NestJS library. A revoked key is refused by the next request, on every instance.',
    image: { src: '/feather.svg', alt: '' },
    actions: [
      { text: 'Start', link: './start' },
      { text: 'Concepts', link: './concepts', theme: 'alt' },
      { text: 'NestJS', link: './guides/nestjs', theme: 'alt' },
    ],
  },
};

/** Lets a page load scripts of its own origin, and of the inline ones those that are in it now. */
function withPolicy(html) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, code]) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    // Shiki colours code by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace('<head>', `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
}
