import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ROOT } from '../../support/run/suite.ts';
import { readContent, writeSite } from '../../support/site/site.ts';
import { launch, whyNoBrowser } from './chromium.ts';

/** The site in a browser, opened from a file as users open it. */
const skip = whyNoBrowser();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };
/** One page of each kind, with its template. */
const KINDS = {
  start: 'index.html',
  clauses: 'clauses/index.html',
  clause: 'clauses/SAFE-10.html',
  features: 'features/index.html',
  feature: 'features/records/put-one.html',
  api: 'api/hardened.html',
  matrix: 'matrix.html',
  divergences: 'divergences.html',
  guides: 'docs/index.html',
  document: 'docs/facts/kinesis.html',
  search: 'search.html?q=partition',
};

let folder: string;
let site: string;
let pages: string[];
let browser: Browser;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-site-'));
  site = path.join(folder, 'below', 'a path');
  pages = await writeSite(readContent(ROOT), ROOT, site);
  if (!skip) browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const urlOf = (name: string) => {
  const [file = '', query] = name.split('?');
  return pathToFileURL(path.join(site, file)).href + (query === undefined ? '' : `?${query}`);
};

/** A page that fails on any request outside the site, any failed load and any console message. */
async function watched(options: BrowserContextOptions = {}): Promise<{ page: Page; told: string[] }> {
  const page = await browser.newPage({ viewport: WIDE, ...options });
  const told: string[] = [];
  const inside = urlOf('');
  page.on('request', (request) => {
    if (!request.url().startsWith(inside) && request.url() !== 'data:,')
      told.push(`request ${request.url()}`);
  });
  page.on('requestfailed', (request) => told.push(`failed ${request.url()} ${request.failure()?.errorText}`));
  page.on('console', (message) => told.push(`console ${message.text()}`));
  page.on('pageerror', (error) => told.push(`error ${error.message}`));
  return { page, told };
}

function filesOf(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    names
      .sort()
      .map((name) => [
        path.relative(root, name),
        createHash('sha256').update(readFileSync(name)).digest('hex'),
      ]),
  );
}

test('the same commit gives the same bytes', async () => {
  const again = path.join(folder, 'again');
  assert.deepEqual(await writeSite(readContent(ROOT), ROOT, again), pages);
  assert.deepEqual(filesOf(again), filesOf(site));
  assert.ok(pages.length > 200);
});

test('each kind of page exists, and every page belongs to a tested kind', () => {
  const templates = readdirSync(path.join(ROOT, 'support/site/pages')).map((name) =>
    name.replace('.eta', ''),
  );
  const parts = ['layout', 'part', 'words', 'steps', 'table', 'bar', 'target', 'marks', 'divergence-rows'];
  assert.deepEqual(templates.sort(), [...Object.keys(KINDS), ...parts].sort());
});

test('each page loads without console messages and fits 360 px, and its links and anchors resolve', {
  skip,
}, async () => {
  const { page, told } = await watched({ viewport: NARROW });
  const links = new Map<string, string>();
  const anchors = new Map<string, ReadonlySet<string>>();
  for (const name of pages) {
    await page.goto(urlOf(name));
    const seen = (await page.evaluate(`({
      width: document.documentElement.scrollWidth,
      title: document.title,
      h1: document.querySelectorAll('h1').length,
      ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
      hrefs: [...document.querySelectorAll('a[href], link[href], script[src]')].map((one) => one.getAttribute('href') ?? one.getAttribute('src')),
      urls: [...document.querySelectorAll('a')].map(({ href }) => href),
    })`)) as { width: number; title: string; h1: number; ids: string[]; hrefs: string[]; urls: string[] };
    assert.equal(seen.width, NARROW.width, `${name} scrolls sideways`);
    assert.equal(seen.h1, 1, `${name} has one heading of level 1`);
    assert.equal(
      new Set(seen.ids).size,
      seen.ids.length,
      `${name} has an id twice: ${seen.ids.filter((id, at) => seen.ids.indexOf(id) !== at)}`,
    );
    for (const href of seen.hrefs) assert.doesNotMatch(href, /^\/|^file:/, name);
    anchors.set(urlOf(name), new Set(seen.ids));
    for (const url of seen.urls) if (!links.has(url)) links.set(url, name);
  }
  assert.deepEqual(told, []);
  assert.ok(links.size > 1_000);
  const dangling = [...links].filter(([url]) => {
    if (/^https?:/.test(url)) return false;
    const [file = '', anchor] = url.split('#');
    return (
      !anchors.has(file) || (anchor !== undefined && !anchors.get(file)?.has(decodeURIComponent(anchor)))
    );
  });
  assert.deepEqual(dangling, []);
  await page.close();
});

for (const [kind, name] of Object.entries(KINDS))
  test(`axe finds no violation, light and dark, wide and narrow: ${kind}`, { skip }, async () => {
    const { page, told } = await watched();
    await page.goto(urlOf(name));
    if (kind === 'search') await page.locator('#search-results li').first().waitFor();
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    await page.evaluate(AXE);
    // axe preloads style sheets of other origins, which fails for a file, as it has no origin.
    for (const [colorScheme, viewport] of [
      ['light', WIDE],
      ['dark', NARROW],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      const { violations, passes } = (await page.evaluate('axe.run({ preload: false })')) as AxeResults;
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      assert.deepEqual(found, [], `${colorScheme}, ${viewport.width} px`);
      assert.ok(passes.length > 15, 'axe examined the page');
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), viewport.width);
    }
    assert.deepEqual(told, []);
    await page.close();
  });

test('the search finds a clause by its words, by its id, and from any page', { skip }, async () => {
  const { page, told } = await watched();
  await page.goto(urlOf('clauses/GET-1.html'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('json text of data stored');
  await page.keyboard.press('Enter');
  await page.waitForURL(/search\.html\?q=/);
  const first = page.locator('#search-results li a').first();
  await first.waitFor();
  assert.match(await first.innerText(), /^PUT-3 The JSON text of Data is stored/);
  assert.match(await page.locator('#search-status').innerText(), /places? for “json text of data stored”/);
  await page.locator('input[type=search]').fill('SAFE-10');
  await page.locator('#search-results li a', { hasText: 'SAFE-10' }).first().waitFor();
  assert.match(await first.innerText(), /^SAFE-10 /);
  await first.click();
  await page.waitForURL(/clauses\/SAFE-10\.html$/);
  assert.deepEqual(told, []);
  await page.close();
});

test('a search without a match says so, and the typed text is not rendered as markup', { skip }, async () => {
  const { page, told } = await watched();
  await page.goto(urlOf(`search.html?q=${encodeURIComponent('<img src=x onerror=alert(1)> qqqq')}`));
  await page.locator('#search-status', { hasText: '0 places' }).waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  assert.deepEqual(told, []);
  await page.close();
});

test('the keyboard can skip the header, and the focus is visible', { skip }, async () => {
  const { page } = await watched();
  await page.goto(urlOf(KINDS.clause));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content');
  assert.ok(await page.locator('.skip').isVisible());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.closest("main") !== null'), true);
  assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
  await page.close();
});

test('the printed page is white and shows only the content', { skip }, async () => {
  const { page } = await watched({ colorScheme: 'dark' });
  await page.goto(urlOf(KINDS.feature));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  for (const part of ['.head', '.beside', '.toc', '.foot'])
    assert.equal(await page.locator(part).isVisible(), false, part);
  assert.ok(await page.locator('h1').isVisible());
  await page.close();
});

test('nothing is animated for users who prefer reduced motion', { skip }, async () => {
  const { page } = await watched({ reducedMotion: 'reduce' });
  await page.goto(urlOf('index.html'));
  assert.equal(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior'), 'auto');
  assert.equal(
    await page.evaluate(
      '[...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).transitionDuration !== "0s" || getComputedStyle(one).animationName !== "none").length',
    ),
    0,
  );
  await page.close();
});
