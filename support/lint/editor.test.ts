import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { ExpressionBuilder } from '@cucumber/language-service';
import { WasmParserAdapter } from '@cucumber/language-service/wasm';
import { IdGenerator } from '@cucumber/messages';
import { expect } from 'chai';
import { EIGHT_ACTIONS } from '../../infra/definition/interface/types.ts';
import { ROLE_NAMES } from '../../infra/proxy/roles.ts';
import { SIGNATURES } from '../client/caller-identity.ts';
import { CALL_NAMES } from '../client/requests.ts';
import { STREAM_REFERENCES } from '../observe/scenario-streams.ts';
import { ROOT } from '../run/suite.ts';

const settings = JSON.parse(readFileSync(path.join(ROOT, '.vscode/settings.json'), 'utf8')) as {
  'cucumber.features': string[];
  'cucumber.glue': string[];
  'cucumber.parameterTypes': { name: string; regexp: string }[];
};

test('the editor has the same computed parameter types', () => {
  const lists = {
    stream: STREAM_REFERENCES,
    call: CALL_NAMES,
    action: EIGHT_ACTIONS,
    role: ROLE_NAMES,
    signature: SIGNATURES,
  };
  expect(settings['cucumber.parameterTypes']).to.deep.equal(
    Object.entries(lists).map(([name, words]) => ({ name, regexp: words.join('|') })),
  );
});

test('the editor finds a step for every line of the features', async () => {
  const adapter = new WasmParserAdapter(path.join(ROOT, 'node_modules/@cucumber/language-service/dist'));
  await adapter.init();
  const glue = globSync(settings['cucumber.glue'], { cwd: ROOT }).map((uri) => ({
    languageName: 'tsx' as const,
    uri,
    content: readFileSync(path.join(ROOT, uri), 'utf8'),
  }));
  const { expressionLinks, errors } = new ExpressionBuilder(adapter).build(
    glue,
    settings['cucumber.parameterTypes'],
  );
  expect(errors.map(String)).to.deep.equal([]);
  const expressions = expressionLinks.map(({ expression }) => expression);
  const features = globSync(settings['cucumber.features'], { cwd: ROOT });
  const unresolved = features.flatMap((file) => {
    const newId = IdGenerator.incrementing();
    const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
    return compile(parser.parse(readFileSync(path.join(ROOT, file), 'utf8')), file, newId)
      .flatMap(({ steps }) => steps.map(({ text }) => text))
      .filter((text) => !expressions.some((expression) => expression.match(text)));
  });
  expect([...new Set(unresolved)]).to.deep.equal([]);
  expect(features.length).to.be.greaterThan(0);
});
