import type { Mutant } from '../changes/change.ts';
import { document } from '../changes/definition.ts';

type Properties = Record<string, Record<string, unknown>>;

/** The two models. */
export const models: readonly Mutant[] = [
  {
    name: 'model-of-numbers',
    why: 'The model says that Data is a number, so the tutorial’s own payload does not match.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      properties.Data = { type: 'number' };
    }),
  },
  {
    name: 'model-of-any-data',
    why: 'The model does not say that Data is a string.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      properties.Data = {};
    }),
  },
  {
    name: 'model-with-another-field',
    why: 'The model of one record has partition-key instead of PartitionKey.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      delete properties.PartitionKey;
      properties['partition-key'] = { type: 'string' };
    }),
  },
  {
    name: 'model-demands-more',
    why: 'The model requires a field that the payload does not have.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      Object.assign(schemas.PutRecordsMethodRequestPayload ?? {}, { required: ['records', 'stream'] });
    }),
  },
  {
    name: 'model-of-one-in-a-list',
    why: 'The model says that records is one object instead of a list.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      const { properties } = schemas.PutRecordsMethodRequestPayload as { properties: Properties };
      properties.records = properties.records?.items as Record<string, unknown>;
    }),
  },
  {
    name: 'model-of-numbered-keys',
    why: 'The model says that partition-key is an integer.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      const { properties } = schemas.PutRecordsMethodRequestPayload as { properties: Properties };
      const items = properties.records?.items as { properties: Properties };
      items.properties['partition-key'] = { type: 'integer' };
    }),
  },
];

function record(edit: (properties: Properties) => void) {
  return document(({ components: { schemas } }) => {
    edit((schemas.PutRecordMethodRequestPayload as { properties: Properties }).properties);
  });
}
