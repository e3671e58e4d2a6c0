#!/usr/bin/env node
// The bin of the package, which holds JavaScript that was built, and of a checkout, which runs its sources.
import { existsSync } from 'node:fs';

const places = ['../support/cli/main.mjs', '../dist/support/cli/main.mjs'].map(
  (place) => new URL(place, import.meta.url),
);
const main = places.find((place) => existsSync(place));
if (main === undefined) {
  process.stderr.write(
    'error: the package was made without its build; npm pack --ignore-scripts=false in a checkout makes both\n',
  );
  process.exit(2);
}
await import(main.href);
