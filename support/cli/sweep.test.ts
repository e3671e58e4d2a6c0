import { test } from 'node:test';
import { expect } from 'chai';
import { command } from './sweep.ts';

for (const target of ['url', 'embedded', 'localstack', 'nonsense'])
  test(`the sweep is not aimed at ${target}, and says what it takes`, async () => {
    const error = await command.run(['--target', target]).catch((reason: unknown) => reason);
    expect(String(error)).to.equal(
      `UsageError: --target ${target} has nothing to sweep; give aws or endpoint`,
    );
  });
