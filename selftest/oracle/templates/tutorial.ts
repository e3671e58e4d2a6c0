import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readYaml } from '../../../infra/yaml.ts';
import type { TemplateCase } from './case.ts';
import { jsonText, jsonValue } from './inputs.ts';

const DEFINITION = path.resolve(import.meta.dirname, '../../../infra/proxy/tutorial.yaml');

interface Definition {
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly 'x-amazon-apigateway-integration': { readonly requestTemplates: Readonly<Record<string, string>> };
}

/** The distinct mapping templates of the tutorial's definition. */
export function tutorialTemplates(): readonly string[] {
  const { paths } = readYaml(readFileSync(DEFINITION, 'utf8')) as Definition;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return [
    ...new Set(
      operations.flatMap((operation) =>
        Object.values(operation['x-amazon-apigateway-integration'].requestTemplates),
      ),
    ),
  ];
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'a"b', '$x', '#end', 'é/'),
);
const record = fc.record(
  { data: jsonValue, 'partition-key': fc.oneof(text, jsonValue) },
  { requiredKeys: [] },
);
const body = fc.record(
  {
    ShardCount: fc.oneof(fc.integer(), jsonValue),
    Data: fc.oneof(text, jsonValue),
    PartitionKey: fc.oneof(text, jsonValue),
    records: fc.oneof({ weight: 5, arbitrary: fc.array(record, { maxLength: 12 }) }, jsonValue),
    StreamName: text,
  },
  { requiredKeys: [] },
);
const parameters = fc.dictionary(fc.constantFrom('stream-name', 'shard-id', 'Shard-Iterator'), text);

/** A template of the tutorial with a request as a client might send it. */
export const tutorialCase: fc.Arbitrary<TemplateCase> = fc.record({
  template: fc.constantFrom(...tutorialTemplates()),
  body: fc.oneof(
    { weight: 9, arbitrary: body.chain(jsonText) },
    { weight: 1, arbitrary: fc.constantFrom('', '{}', '[]') },
  ),
  variables: fc.constant('{}'),
  params: fc.record({ path: parameters, querystring: parameters, header: parameters }),
});
