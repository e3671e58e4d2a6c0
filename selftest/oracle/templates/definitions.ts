import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readYaml } from '../../../infra/yaml.ts';
import type { TemplateCase } from './case.ts';
import { jsonText, jsonValue } from './inputs.ts';

const PROXY = path.resolve(import.meta.dirname, '../../../infra/proxy');

type Templates = Readonly<Record<string, string>>;
interface Definition {
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly 'x-amazon-apigateway-integration'?: {
    readonly requestTemplates?: Templates;
    readonly responses?: Readonly<Record<string, { readonly responseTemplates?: Templates }>>;
  };
}

/** The distinct request and response templates of one of the project's definitions. */
function templatesOf(name: string): readonly string[] {
  const { paths } = readYaml(readFileSync(path.join(PROXY, `${name}.yaml`), 'utf8')) as Definition;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const all = operations.flatMap(({ 'x-amazon-apigateway-integration': integration }) => [
    integration?.requestTemplates,
    ...Object.values(integration?.responses ?? {}).map(({ responseTemplates }) => responseTemplates),
  ]);
  return [...new Set(all.flatMap((templates) => Object.values(templates ?? {})))];
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'a"b', "a'b\\\\'", '$x', '#end', 'é/', '0', '12.5'),
);
const record = fc.record(
  { data: jsonValue, 'partition-key': fc.oneof(text, jsonValue), partitionKey: fc.oneof(text, jsonValue) },
  { requiredKeys: [] },
);
const errorType = fc.constantFrom(
  'ResourceNotFoundException',
  'KMSThrottlingException',
  'KMSDisabledException',
  'ProvisionedThroughputExceededException',
  'ValidationException',
  'another',
);
/** A record of an answer to PutRecords. */
const outcome = fc.record(
  { SequenceNumber: text, ShardId: text, ErrorCode: fc.oneof(errorType, jsonValue), ErrorMessage: text },
  { requiredKeys: [] },
);
const body = fc.record(
  {
    ShardCount: fc.oneof(fc.integer(), jsonValue),
    Data: fc.oneof(text, jsonValue),
    PartitionKey: fc.oneof(text, jsonValue),
    records: fc.oneof({ weight: 5, arbitrary: fc.array(record, { maxLength: 12 }) }, jsonValue),
    StreamName: text,
    data: fc.oneof(text, jsonValue),
    partitionKey: fc.oneof(text, jsonValue),
    __type: fc.oneof({ weight: 5, arbitrary: errorType }, jsonValue),
    FailedRecordCount: fc.oneof(fc.nat(3), jsonValue),
    Records: fc.oneof({ weight: 5, arbitrary: fc.array(outcome, { maxLength: 5 }) }, jsonValue),
  },
  { requiredKeys: [] },
);
const parameters = fc.dictionary(
  fc.constantFrom(
    'stream-name',
    'shard-id',
    'Shard-Iterator',
    'limit',
    'exclusive-start-stream-name',
    'next-token',
    'iterator-type',
    'starting-sequence-number',
    'timestamp',
  ),
  text,
);

const caseOf = (name: string): fc.Arbitrary<TemplateCase> =>
  fc.record({
    template: fc.constantFrom(...templatesOf(name)),
    body: fc.oneof(
      { weight: 9, arbitrary: body.chain(jsonText) },
      { weight: 1, arbitrary: fc.constantFrom('', '{}', '[]') },
    ),
    variables: fc.constant('{"context":{"responseOverride":{"header":{}}}}'),
    params: fc.record({ path: parameters, querystring: parameters, header: parameters }),
  });

/** A template of the tutorial, or of the hardened definition, with what a client or Kinesis might send it. */
export const definitionCase: fc.Arbitrary<TemplateCase> = fc.oneof(caseOf('tutorial'), caseOf('hardened'));
