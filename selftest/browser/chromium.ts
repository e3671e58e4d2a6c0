import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The Chromium of this machine; nothing is downloaded.
 * @returns undefined when no Chromium is installed.
 * @throws Error where CHROMIUM names a missing program: setting it means that the tests must not be skipped.
 */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { CHROMIUM: named, PATH = '' } = environment;
  if (named !== undefined) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM names ${named}, which cannot be executed`);
    return named;
  }
  const inPath = NAMES.flatMap((name) => PATH.split(path.delimiter).map((folder) => path.join(folder, name)));
  return [...inPath, ...ELSEWHERE].find(isExecutable);
}

/** Why page tests cannot run here; false when they can. */
export function whyNoBrowser(): string | false {
  return findChromium(process.env) === undefined
    ? 'there is no Chromium: the page was NOT tried in a browser (install chromium, or set CHROMIUM to its path)'
    : false;
}

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(process.env) as string,
    // Root has no sandbox; the pages are the suite's own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
