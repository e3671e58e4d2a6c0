import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { toPage } from '../../support/report/page/page.ts';
import { redactAll } from '../../support/report/redact-all.ts';
import { launch, whyNoBrowser } from './chromium.ts';
import { pages } from './pages.ts';

/** The report in a browser, opened from a file as users open it. */
const skip = whyNoBrowser();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1100, height: 900 };
const FILES = ['conformance.json', 'cucumber.html', 'junit.xml'];

let folder: string;
let browser: Browser;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-browser-'));
  if (!skip) browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page; fails on any network request and on any console error. */
async function opened(
  html: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; told: string[] }> {
  const file = path.join(folder, 'report.html');
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: WIDE, ...options });
  const told: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== url) told.push(`request ${request.url()}`);
  });
  page.on('requestfailed', (request) => told.push(`refused ${request.failure()?.errorText}`));
  page.on('console', (message) => told.push(`console ${message.text()}`));
  page.on('pageerror', (error) => told.push(`error ${error.message}`));
  page.on('dialog', (dialog) => told.push(`dialog ${dialog.message()}`));
  await page.goto(url);
  return { page, told };
}

async function unfold(page: Page): Promise<void> {
  await page.evaluate('for (const element of document.querySelectorAll("details")) element.open = true');
}

for (const [kind, results] of Object.entries(pages())) {
  const html = toPage(redactAll(results), FILES);

  test(`axe finds no violation, and nothing overflows the page: ${kind}`, { skip }, async () => {
    const { page, told } = await opened(html);
    await unfold(page);
    await page.evaluate(AXE);
    for (const colorScheme of ['light', 'dark'] as const)
      for (const viewport of [NARROW, WIDE]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html: at }) => at).join(' ')}`,
        );
        assert.deepEqual(found, [], `${colorScheme}, ${viewport.width} px`);
        assert.ok(passes.length > 15, 'axe examined the page');
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), viewport.width);
      }
    assert.deepEqual(told, []);
    await page.close();
  });

  test(`the printed page is white, and shows the verdict and the failures: ${kind}`, { skip }, async () => {
    const { page } = await opened(html);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const style = (property: string) => page.evaluate(`getComputedStyle(document.body).${property}`);
    assert.equal(await style('backgroundColor'), 'rgb(255, 255, 255)');
    assert.match(String(await style('color')), /^rgb\((\d|[1-5]\d), /, 'dark ink');
    assert.ok(await page.locator('h1').isVisible());
    for (const clause of await page.locator('article.clause').all())
      assert.ok((await clause.innerText()).includes('Expected'));
    assert.ok(!(await page.locator('footer nav').isVisible()));
    await page.close();
  });
}

test('the keyboard reaches everything, starting with the skip link', { skip }, async () => {
  const { page } = await opened(toPage(redactAll(pages().failures), FILES));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the results');
  assert.ok(await page.locator('.skip').isVisible());
  const more = page.locator('details.fold > summary').first();
  await more.focus();
  const isOpen = () => page.locator('details.fold').first().getAttribute('open');
  assert.equal(await isOpen(), null);
  await page.keyboard.press('Enter');
  assert.equal(await isOpen(), '');
  assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
  await page.close();
});

test('a screen reader reads the verdict, the counts and the failures, in this order', { skip }, async () => {
  const { page } = await opened(toPage(redactAll(pages().failures), FILES));
  const heard = await page.locator('body').ariaSnapshot();
  const order = [
    'heading "Not conformant" [level=1]',
    'list "Clauses by result"',
    'term: Target',
    'navigation "Failures"',
    'heading "Failures" [level=2]',
    'article "CREATE-1',
    'term: Expected',
    'term: Seen',
    'heading "All clauses" [level=2]',
    'navigation "Files of this run"',
  ];
  const places = order.map((part) => heard.indexOf(part));
  assert.ok(!places.includes(-1), `${order[places.indexOf(-1)]} in\n${heard}`);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  await page.close();
});

test("an API's answer adds no element, no script and no request to the page", { skip }, async () => {
  const { page, told } = await opened(toPage(redactAll(pages().hostile), FILES));
  await unfold(page);
  assert.equal(
    await page.locator('script, img, iframe, object, embed, form, base, meta[http-equiv=refresh]').count(),
    0,
  );
  const links = await page
    .locator('a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  for (const href of links) assert.ok(href.startsWith('#') || FILES.includes(href), href);
  assert.ok((await page.locator('body').innerText()).includes('planted()'), 'the text itself is shown');
  assert.deepEqual(told, []);
  await page.close();
});

test('the content security policy blocks markup that was not escaped', { skip }, async () => {
  const attack =
    '<script>document.title = "planted"</script><img src="https://planted.example/x.png"><style>h1 { display: none }</style><p onclick="x()" style="color: red">x</p>';
  const html = toPage(redactAll(pages().hostile), FILES).replace('</main>', `${attack}</main>`);
  const { page, told } = await opened(html);
  assert.notEqual(await page.title(), 'planted');
  assert.ok(await page.locator('h1').isVisible());
  assert.ok(told.length >= 3, told.join('\n'));
  const others = told.filter((line) => !/^console .*Content Security Policy/s.test(line));
  assert.deepEqual(others, ['request https://planted.example/x.png', 'refused csp']);
  await page.close();
});
